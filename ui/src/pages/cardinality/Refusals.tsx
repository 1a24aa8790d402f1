import type { LimitKind, Refused } from "../../api/types/cardinality";
import { Age } from "../../components/Age";
import { Notice } from "../../components/Notice";
import { StateBadge } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import { formatValue } from "../../lib/units";

/** Series that were refused in the last hour: because of whom, how many, since when. */
export function Refusals({ refused }: { refused: Refused[] }) {
  const t = useTexts();
  if (refused.length === 0) return null;
  const kinds: Record<LimitKind, string> = { total: t.limitTotal, job: t.limitJob, metric: t.limitMetric, label: t.limitLabel };
  return (
    <Notice mood="warning" title={t.refusedTitle}>
      <span>{t.refusedHint}</span>
      <div className="table-scroll">
        <table className="table refusals">
          <thead>
            <tr>
              <th scope="col">{t.refusedCulprit}</th>
              <th scope="col" className="number">
                {t.refusedLimit}
              </th>
              <th scope="col" className="number">
                {t.refusedSeries}
              </th>
              <th scope="col" className="number">
                {t.refusedAttempts}
              </th>
              <th scope="col">{t.activeSince}</th>
              <th scope="col">{t.refusedLast}</th>
            </tr>
          </thead>
          <tbody>
            {refused.map((one) => (
              <tr key={`${one.limit} ${one.culprit}`}>
                <td>
                  <StateBadge mood="warning">{kinds[one.limit]}</StateBadge> <strong className="mono">{one.culprit}</strong>
                  <div className="muted mono refusal-example">{one.example}</div>
                </td>
                <td className="number" data-label={t.refusedLimit}>
                  {formatValue(one.max, "short")}
                </td>
                <td className="number" data-label={t.refusedSeries}>
                  ≈ {formatValue(one.series, "short")}
                </td>
                <td className="number" data-label={t.refusedAttempts}>
                  {formatValue(one.attempts, "short")}
                </td>
                <td data-label={t.activeSince}>
                  <Age time={one.since} />
                </td>
                <td data-label={t.refusedLast}>
                  <Age time={one.last} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Notice>
  );
}
