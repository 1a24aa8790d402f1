import { Loader } from "@mantine/core";
import type { ReactNode } from "react";
import type { Mood } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import { Link } from "../../lib/router";

interface SummaryProps {
  title: string;
  href: string;
  figure: string | number;
  mood: Mood;
  note?: string;
  pending: boolean;
  error?: string;
  children?: ReactNode;
}

const colors: Record<Mood, string> = {
  good: "var(--vigie-ok)",
  warning: "var(--vigie-warning)",
  bad: "var(--vigie-bad)",
  quiet: "var(--mantine-color-text)",
};

/** One figure and the few lines behind it. */
export function Summary({ title, href, figure, mood, note, pending, error, children }: SummaryProps) {
  const t = useTexts();
  return (
    <section className="card summary" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <Link href={href}>{t.seeAll}</Link>
      </header>
      {error ? (
        <span className="error-text">{error}</span>
      ) : pending ? (
        <Loader size="sm" type="dots" aria-label={t.loading} />
      ) : (
        <>
          <div className="summary-figure" style={{ color: colors[mood] }}>
            {figure} {note && <small className="muted">{note}</small>}
          </div>
          {children}
        </>
      )}
    </section>
  );
}
