import { Busy, Message } from "../../components/Message";
import { useTexts } from "../../lib/i18n";

interface FactsProps {
  title: string;
  facts: Record<string, string | number | boolean> | undefined;
  error?: string;
}

/** Names and values, as the server says them. */
export function Facts({ title, facts, error }: FactsProps) {
  const t = useTexts();
  return (
    <section className="card" aria-label={title} style={{ minWidth: 0 }}>
      <h2 style={{ margin: 0, padding: "10px 14px", fontSize: "0.98rem", borderBottom: "1px solid var(--vigie-line)" }}>{title}</h2>
      {error ? (
        <Message title={t.panelError} text={error} />
      ) : !facts ? (
        <Busy />
      ) : (
        <div className="table-scroll">
          <table className="table">
            <tbody>
              {Object.entries(facts).map(([name, value]) => (
                <tr key={name}>
                  <td className="muted" style={{ width: "40%" }}>
                    {name}
                  </td>
                  <td className="mono" style={{ overflowWrap: "anywhere" }}>
                    {String(value) || "–"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
