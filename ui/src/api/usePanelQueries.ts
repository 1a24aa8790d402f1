import { useQueries } from "@tanstack/react-query";
import type { Answer } from "./api";
import type { QueryResult } from "./types/prometheus";
import { type InstantQuery, instantQuery, type RangeQuery, rangeQuery } from "./useQueryResult";

/** One query of a panel, ready to be asked. */
export type PanelQuery = { refId: string } & (({ kind: "instant" } & InstantQuery) | ({ kind: "range" } & RangeQuery));

/** The answers in the order of the queries; an answer of the refresh before stays until the next one has come. */
export function usePanelQueries(panelKey: string, queries: readonly PanelQuery[], enabled: boolean) {
  return useQueries({
    queries: queries.map((query) => ({
      queryKey: ["panel", panelKey, query],
      queryFn: ({ signal }: { signal: AbortSignal }): Promise<Answer<QueryResult>> =>
        query.kind === "instant" ? instantQuery(query, signal) : rangeQuery(query, signal),
      enabled,
      retry: false,
      staleTime: 5_000,
      gcTime: 60_000,
    })),
  });
}
