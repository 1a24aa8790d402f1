import { MultiSelect, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTexts } from "../../lib/i18n";
import { type LiveVariable, paramOf } from "../../lib/resolveVariables";
import { allKey } from "../../lib/variables";

interface VariablesBarProps {
  live: readonly LiveVariable[];
  onChange: (changes: Record<string, string[]>) => void;
}

/** The dashboard's variables to choose from; those that leave no choice are not shown. */
export function VariablesBar({ live, onChange }: VariablesBarProps) {
  const t = useTexts();
  const shown = live.filter(
    ({ variable }) => variable.hide !== 2 && !["datasource", "constant", "adhoc", "system", "groupby"].includes(variable.type),
  );
  if (shown.length === 0) return null;
  return (
    <section aria-label={t.variables} style={{ display: "flex", flexWrap: "wrap", gap: 10, marginBottom: 14 }}>
      {shown.map((one) => (
        <Choice key={one.variable.name} one={one} onChange={(values) => onChange({ [paramOf(one.variable)]: values })} />
      ))}
    </section>
  );
}

function Choice({ one: { variable, options, chosen, error }, onChange }: { one: LiveVariable; onChange: (values: string[]) => void }) {
  const t = useTexts();
  const label = variable.label ?? variable.name;
  const common = { size: "xs" as const, label, "aria-label": label, error, style: { minWidth: 130, maxWidth: "100%" } };
  if (variable.type === "textbox") return <Text label={label} value={chosen[0] ?? ""} onChange={(value) => onChange([value])} />;

  const data = [
    ...(variable.includeAll ? [{ value: allKey, label: t.all }] : []),
    ...unique([
      ...options.map(({ text, value }) => ({ value, label: text })),
      ...chosen.filter((value) => value !== allKey).map((value) => ({ value, label: value })),
    ]),
  ];
  if (variable.multi)
    return (
      <MultiSelect
        {...common}
        data={data}
        value={chosen}
        searchable
        hidePickedOptions={false}
        maxDropdownHeight={320}
        nothingFoundMessage={t.noValues}
        onChange={(values) => {
          const last = values.at(-1);
          const next = last === allKey ? [allKey] : values.filter((value) => value !== allKey);
          onChange(next.length > 0 ? next : variable.includeAll ? [allKey] : []);
        }}
      />
    );
  return (
    <Select
      {...common}
      data={data}
      value={chosen[0] ?? null}
      searchable
      allowDeselect={false}
      maxDropdownHeight={320}
      nothingFoundMessage={t.noValues}
      placeholder={t.noValues}
      onChange={(value) => value !== null && onChange([value])}
    />
  );
}

function Text({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(text);
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xs"
        label={label}
        value={text}
        onBlur={() => text !== value && onChange(text)}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}

function unique(items: { value: string; label: string }[]): { value: string; label: string }[] {
  return [...new Map(items.map((item) => [item.value, item])).values()].slice(0, 2000);
}
