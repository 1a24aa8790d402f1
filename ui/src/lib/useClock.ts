import { useCallback, useEffect, useState } from "react";
import { parseDuration } from "./durations";

/** The moment that relative ranges count from: moves on with every refresh, stands still while the page is hidden. */
export function useClock(refresh: string): { nowMs: number; tick: () => void } {
  const [nowMs, setNow] = useState(() => Date.now());
  const tick = useCallback(() => setNow(Date.now()), []);
  useEffect(() => {
    const everyMs = parseDuration(refresh);
    if (!everyMs || everyMs < 1000) return;
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, everyMs);
    return () => clearInterval(timer);
  }, [refresh, tick]);
  return { nowMs, tick };
}
