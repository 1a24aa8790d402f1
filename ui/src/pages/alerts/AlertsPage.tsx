import { Button, Tabs, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useManagedAlerts, useSilences } from "../../api/useAlertmanager";
import { useRules } from "../../api/useRules";
import { PageHead } from "../../components/PageHead";
import { StateBadge } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import type { Matcher } from "../../lib/matchers";
import { useQueryParams } from "../../lib/router";
import { ManagedAlerts } from "./ManagedAlerts";
import { RuleGroups } from "./RuleGroups";
import { SilenceForm } from "./SilenceForm";
import { Silences } from "./Silences";

/** Rules and their alerts, what the Alertmanager made of them, and silences. */
export default function AlertsPage() {
  const t = useTexts();
  const [params, setParams] = useQueryParams();
  const [silencing, setSilencing] = useState<Matcher[] | null>(null);
  const rules = useRules();
  const managed = useManagedAlerts();
  const silences = useSilences();
  const filter = params.get("q") ?? "";
  const firing = (rules.data ?? [])
    .flatMap((group) => group.rules)
    .filter((rule) => rule.type === "alerting" && rule.state === "firing").length;
  const activeSilences = (silences.data ?? []).filter((silence) => silence.status.state === "active").length;
  const count = (n: number, mood: "bad" | "quiet") => (n > 0 ? <StateBadge mood={mood}>{n}</StateBadge> : undefined);
  return (
    <>
      <PageHead title={t.alerts}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} />}
          aria-label={t.filterAlerts}
          placeholder={t.filterAlerts}
          value={filter}
          style={{ width: 240 }}
          onChange={(event) => setParams({ q: event.currentTarget.value || null }, true)}
        />
        <Button size="xs" variant="light" leftSection={<IconPlus size={15} />} onClick={() => setSilencing([])}>
          {t.newSilence}
        </Button>
      </PageHead>
      <Tabs value={params.get("tab") ?? "rules"} onChange={(tab) => setParams({ tab: tab === "rules" ? null : tab })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="rules" rightSection={count(firing, "bad")}>
            {t.rules}
          </Tabs.Tab>
          <Tabs.Tab value="alerts" rightSection={count(managed.data?.length ?? 0, "bad")}>
            {t.managedAlerts}
          </Tabs.Tab>
          <Tabs.Tab value="silences" rightSection={count(activeSilences, "quiet")}>
            {t.silences}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rules">
          <RuleGroups groups={rules.data} error={rules.error?.message} filter={filter.toLowerCase()} />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <ManagedAlerts alerts={managed.data} error={managed.error?.message} filter={filter.toLowerCase()} onSilence={setSilencing} />
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <Silences silences={silences.data} error={silences.error?.message} filter={filter.toLowerCase()} />
        </Tabs.Panel>
      </Tabs>
      {silencing && <SilenceForm initial={silencing} alerts={managed.data ?? []} onClose={() => setSilencing(null)} />}
    </>
  );
}
