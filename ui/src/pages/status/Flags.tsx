import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useStatus } from "../../api/useStatus";
import { useTexts } from "../../lib/i18n";
import { Facts } from "./Facts";

export function Flags() {
  const t = useTexts();
  const [filter, setFilter] = useState("");
  const flags = useStatus("flags");
  const shown =
    flags.data &&
    Object.fromEntries(
      Object.entries(flags.data).filter(([name, value]) => `${name} ${value}`.toLowerCase().includes(filter.toLowerCase())),
    );
  return (
    <>
      <TextInput
        size="xs"
        mb="sm"
        aria-label={t.filter}
        placeholder={t.filter}
        value={filter}
        style={{ maxWidth: 280 }}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <Facts title={t.flags} facts={shown} error={flags.error?.message} />
    </>
  );
}
