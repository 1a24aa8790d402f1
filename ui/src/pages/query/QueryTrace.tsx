import type { QueryTrace as Step } from "../../api/api";
import { useTexts } from "../../lib/i18n";
import { formatValue } from "../../lib/units";

interface Row {
  step: Step;
  depth: number;
  /** Of the whole query's time, 0 to 1; with the parts below. */
  share: number;
}

/** Where a query's time and data went: its parts as a tree, each with a bar for its share of the time. */
export function QueryTrace({ root }: { root: Step }) {
  const t = useTexts();
  return (
    <div style={{ overflowX: "auto", marginTop: 12 }} data-trace>
      <table className="table trace">
        <thead>
          <tr>
            <th scope="col">{t.queryPart}</th>
            <th scope="col" className="number">
              {t.duration}
            </th>
            <th scope="col" className="number">
              {t.series}
            </th>
            <th scope="col" className="number">
              {t.samplesRead}
            </th>
            <th scope="col" className="number">
              {t.memory}
            </th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(root).map(({ step, depth, share }, i) => (
            <tr key={i}>
              <td style={{ minWidth: 260 }}>
                <div className="ranked" style={{ margin: 0, marginLeft: depth * 18 }}>
                  <div style={{ width: `${share * 100}%` }} />
                  <span className="mono" style={{ whiteSpace: "normal" }}>
                    {step.message}
                  </span>
                </div>
              </td>
              <td className="number">{formatValue(step.duration_msec, "ms")}</td>
              <td className="number">{formatValue(step.series, "short")}</td>
              <td className="number">{formatValue(step.samples, "short")}</td>
              <td className="number">{formatValue(step.bytes, "bytes")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rowsOf(root: Step): Row[] {
  const rows: Row[] = [];
  const whole = Math.max(root.duration_msec, Number.EPSILON);
  const add = (step: Step, depth: number) => {
    rows.push({ step, depth, share: Math.min(1, step.duration_msec / whole) });
    for (const below of step.children ?? []) add(below, depth + 1);
  };
  add(root, 0);
  return rows;
}
