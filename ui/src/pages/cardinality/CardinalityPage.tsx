import { useCardinality } from "../../api/useCardinality";
import { Busy, Message } from "../../components/Message";
import { PageHead } from "../../components/PageHead";
import { useTexts } from "../../lib/i18n";
import { queryPageLink } from "../../lib/queryState";
import { Figures } from "./Figures";
import { Ranking } from "./Ranking";
import { Refusals } from "./Refusals";
import { countByName } from "./selectors";

const rows = 15;

/** What the store holds, which names and labels are most of it, and which series were refused. */
export default function CardinalityPage() {
  const t = useTexts();
  const cardinality = useCardinality(rows);
  return (
    <>
      <PageHead title={t.cardinality} />
      {cardinality.isPending && <Busy />}
      {cardinality.isError && (
        <Message title={t.panelError} text={cardinality.error.message} action={{ label: t.tryAgain, run: () => cardinality.refetch() }} />
      )}
      {cardinality.data && (
        <>
          <Figures report={cardinality.data} />
          <Refusals refused={cardinality.data.refused} />
          <div className="two">
            <Ranking
              title={t.seriesByMetric}
              items={cardinality.data.metrics.map(({ name, series, limit }) => ({
                name,
                value: series,
                limit,
                href: queryPageLink([countByName({ __name__: name })], null, "table"),
              }))}
            />
            <Ranking
              title={t.valuesByLabel}
              items={cardinality.data.labels.map(({ name, values, limit }) => ({
                name,
                value: values,
                limit,
                href: queryPageLink([`topk(20, count by (${JSON.stringify(name)}) ({${JSON.stringify(name)}!=""}))`], null, "table"),
              }))}
            />
            <Ranking
              title={t.seriesByJob}
              items={cardinality.data.jobs.map(({ name, series, limit }) => ({
                name,
                value: series,
                limit,
                href: queryPageLink([countByName({ job: name })], null, "table"),
              }))}
            />
            <Ranking
              title={t.seriesByTarget}
              items={cardinality.data.targets.map(({ job, instance, series }) => ({
                name: instance || t.noInstance,
                detail: job,
                value: series,
                href: queryPageLink([countByName({ job, instance })], null, "table"),
              }))}
            />
            <Ranking
              title={t.seriesByPair}
              items={cardinality.data.pairs.map(({ name, value, series }) => ({
                name: `${name}=${value}`,
                value: series,
                href: queryPageLink([countByName({ [name]: value })], null, "table"),
              }))}
            />
            <Ranking
              title={t.memoryByLabel}
              unit="bytes"
              items={cardinality.data.labelBytes.map(({ name, bytes }) => ({ name, value: bytes }))}
            />
          </div>
        </>
      )}
    </>
  );
}
