import { useCallback, useState } from "react";

/** A setting kept in this browser; a browser that keeps nothing (private mode) still works. */
export function useKept(name: string, initial: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => readKept(name) ?? initial);
  const set = useCallback(
    (next: string) => {
      setValue(next);
      writeKept(name, next);
    },
    [name],
  );
  return [value, set];
}

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(`vigie.${name}`);
  } catch {
    return null;
  }
}

export function writeKept(name: string, value: string): void {
  try {
    localStorage.setItem(`vigie.${name}`, value);
  } catch {
    // Nothing is kept then.
  }
}
