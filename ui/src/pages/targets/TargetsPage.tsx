import { Checkbox, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { Target } from "../../api/types/prometheus";
import { useScrapePools, useTargets } from "../../api/useTargets";
import { Busy, Message } from "../../components/Message";
import { Notice } from "../../components/Notice";
import { PageHead } from "../../components/PageHead";
import { useTexts } from "../../lib/i18n";
import { useQueryParams } from "../../lib/router";
import { TargetPool } from "./TargetPool";

export default function TargetsPage() {
  const t = useTexts();
  const [params, setParams] = useQueryParams();
  const targets = useTargets(5_000);
  const filter = params.get("q") ?? "";
  const onlyDown = params.get("down") === "1";
  const shown = (targets.data?.activeTargets ?? []).filter(
    (target) => (!onlyDown || target.health === "down") && matches(target, filter.toLowerCase()),
  );
  const pools = Map.groupBy(shown, (target) => target.scrapePool);
  const scrapePools = useScrapePools();
  const all = new Set((targets.data?.activeTargets ?? []).map((target) => target.scrapePool));
  const emptyPools = filter || onlyDown || !targets.data ? [] : (scrapePools.data ?? []).filter((pool) => !all.has(pool));
  const problems = targets.data?.discoveryProblems ?? [];
  const dropped = Map.groupBy(targets.data?.droppedTargets ?? [], (target) => target.scrapePool ?? target.discoveredLabels.job ?? "");
  return (
    <>
      <PageHead title={t.targets}>
        <Checkbox
          size="xs"
          label={t.onlyDown}
          checked={onlyDown}
          onChange={(event) => setParams({ down: event.currentTarget.checked ? "1" : null }, true)}
        />
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} />}
          aria-label={t.filterTargets}
          placeholder={t.filterTargets}
          value={filter}
          style={{ width: 240 }}
          onChange={(event) => setParams({ q: event.currentTarget.value || null }, true)}
        />
      </PageHead>
      {targets.isPending && <Busy />}
      {targets.isError && <Message title={t.serverGone} text={targets.error.message} />}
      {problems.length > 0 && (
        <Notice mood="warning" title={t.discoveryProblems}>
          {problems.map((problem) => (
            <div key={problem.scrapePool + problem.message} style={{ fontSize: "0.85rem", overflowWrap: "anywhere" }}>
              <b>{problem.scrapePool}</b> {problem.source && `(${problem.source}) `}
              {problem.message}
            </div>
          ))}
        </Notice>
      )}
      {targets.data &&
        shown.length === 0 &&
        emptyPools.length === 0 &&
        (filter || onlyDown ? (
          <Message title={t.nothingMatches(filter || t.onlyDown)} />
        ) : (
          <Message title={t.noTargets} text={t.noTargetsHint} />
        ))}
      <div style={{ display: "grid", gap: 14 }}>
        {[...pools]
          .sort(([a, one], [b, other]) => downOf(other) - downOf(one) || a.localeCompare(b))
          .map(([pool, list]) => (
            <TargetPool key={pool} pool={pool} targets={list} dropped={dropped.get(pool) ?? []} />
          ))}
        {emptyPools.map((pool) => (
          <section key={pool} className="card empty-pool" aria-label={pool}>
            <h2>{pool}</h2>
            <span className="muted">{t.emptyPool}</span>
          </section>
        ))}
      </div>
    </>
  );
}

const downOf = (targets: Target[]): number => (targets.some((target) => target.health === "down") ? 1 : 0);

function matches(target: Target, filter: string): boolean {
  if (!filter) return true;
  const texts = [target.scrapePool, target.scrapeUrl, ...Object.entries(target.labels).map(([name, value]) => `${name}=${value}`)];
  return texts.some((text) => text.toLowerCase().includes(filter));
}
