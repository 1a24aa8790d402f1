import { formatAge } from "../lib/durations";
import { useLanguage } from "../lib/i18n";
import { formatTime } from "../lib/timeTicks";

/** How long ago something was, with the moment in the tooltip. A time before 1971 is Go's zero time: never. */
export function Age({ time }: { time: string | number | undefined }) {
  const { texts: t, language } = useLanguage();
  const ms = typeof time === "number" ? time : Date.parse(time ?? "");
  if (Number.isNaN(ms) || ms < 31_536_000_000) return <span>{t.never}</span>;
  const age = Date.now() - ms;
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatTime(ms, language)} style={{ whiteSpace: "nowrap" }}>
      {age >= 0 ? t.ago(formatAge(age)) : t.inFuture(formatAge(-age))}
    </time>
  );
}
