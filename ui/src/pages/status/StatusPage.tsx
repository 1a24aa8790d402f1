import { Tabs } from "@mantine/core";
import { PageHead } from "../../components/PageHead";
import { useTexts } from "../../lib/i18n";
import { useQueryParams } from "../../lib/router";
import { ConfigText } from "./ConfigText";
import { Flags } from "./Flags";
import { Overview } from "./Overview";

export default function StatusPage() {
  const t = useTexts();
  const [params, setParams] = useQueryParams();
  const tab = params.get("tab") ?? "runtime";
  return (
    <>
      <PageHead title={t.status} />
      <Tabs value={tab} onChange={(value) => setParams({ tab: value === "runtime" ? null : value })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="runtime">{t.runtime}</Tabs.Tab>
          <Tabs.Tab value="flags">{t.flags}</Tabs.Tab>
          <Tabs.Tab value="config">{t.configuration}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="runtime">
          <Overview />
        </Tabs.Panel>
        <Tabs.Panel value="flags">
          <Flags />
        </Tabs.Panel>
        <Tabs.Panel value="config">
          <ConfigText />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
