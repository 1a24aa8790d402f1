/** Labels of the time axis and of tooltips, with 24 hours, in the browser's time zone. */

const two = (n: number): string => String(n).padStart(2, "0");

/** Texts for the axis; a new day is said once, where it begins. */
export function timeTicks(seconds: readonly number[], increment: number, locale: string): string[] {
  let previousDay = "";
  return seconds.map((time) => {
    const date = new Date(time * 1000);
    const day = date.toLocaleDateString(locale, { day: "numeric", month: "short" });
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
    const newDay = previousDay !== "" && day !== previousDay;
    previousDay = day;
    if (increment >= 86400 * 300) return String(date.getFullYear());
    if (increment >= 86400) return day;
    if (newDay) return clock === "00:00" ? day : `${day} ${clock}`;
    return increment < 60 ? `${clock}:${two(date.getSeconds())}` : clock;
  });
}

export function formatTime(ms: number, locale: string): string {
  const date = new Date(ms);
  const day = date.toLocaleDateString(locale, { day: "numeric", month: "short", year: "numeric" });
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** For input fields and buttons: `2026-11-21 08:00:00`, which `parseMoment` reads back. */
export function formatLocal(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
