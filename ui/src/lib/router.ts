import { type AnchorHTMLAttributes, createElement, type MouseEvent, useCallback, useSyncExternalStore } from "react";

/** The page's address as state: one source of truth, so that every view can be restored from its link. */

const changed = "vigie:navigate";

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(changed, listener);
  };
}

export function navigate(to: string, options?: { replace?: boolean }): void {
  if (to === window.location.pathname + window.location.search) return;
  if (options?.replace) window.history.replaceState(null, "", to);
  else window.history.pushState(null, "", to);
  window.dispatchEvent(new Event(changed));
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

const useSearch = (): string => useSyncExternalStore(subscribe, () => window.location.search);

/** The query part of the address, and how to change some of it: null removes a parameter, an array repeats it. */
export function useQueryParams(): [URLSearchParams, (changes: Record<string, string | string[] | null>, replace?: boolean) => void] {
  const search = useSearch();
  const set = useCallback((changes: Record<string, string | string[] | null>, replace = false) => {
    const params = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      params.delete(name);
      for (const one of value === null ? [] : [value].flat()) params.append(name, one);
    }
    const text = params.toString();
    navigate(window.location.pathname + (text ? `?${text}` : ""), { replace });
  }, []);
  return [new URLSearchParams(search), set];
}

/** A link inside the UI: goes there without loading the page anew; modified clicks open tabs as usual. */
export function Link(props: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const { onClick, ...rest } = props;
  return createElement("a", {
    ...rest,
    onClick: (event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event);
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || rest.target)
        return;
      event.preventDefault();
      navigate(rest.href);
    },
  });
}
