import { useQuery } from "@tanstack/react-query";
import { type Answer, queryPrometheus } from "./api";
import type { QueryResult } from "./types/prometheus";

export interface InstantQuery {
  expr: string;
  timeMs: number;
  /** Ask where the time went. */
  trace?: boolean;
}

export interface RangeQuery {
  expr: string;
  fromMs: number;
  toMs: number;
  stepSeconds: number;
  trace?: boolean;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

export const instantQuery = ({ expr, timeMs, trace }: InstantQuery, signal?: AbortSignal): Promise<Answer<QueryResult>> =>
  queryPrometheus<QueryResult>("query", { query: expr, time: seconds(timeMs), trace: trace ? 1 : null }, signal);

/** Both ends are moved down to a multiple of the step, so that a refresh asks for the same points again. */
export function rangeQuery({ expr, fromMs, toMs, stepSeconds, trace }: RangeQuery, signal?: AbortSignal): Promise<Answer<QueryResult>> {
  const stepMs = stepSeconds * 1000;
  const align = (ms: number) => seconds(Math.floor(ms / stepMs) * stepMs);
  const params = { query: expr, start: align(fromMs), end: align(toMs), step: stepSeconds, trace: trace ? 1 : null };
  return queryPrometheus<QueryResult>("query_range", params, signal);
}

export const useInstantQuery = (query: InstantQuery, enabled: boolean) =>
  useQuery({
    queryKey: ["instant", query],
    queryFn: ({ signal }) => instantQuery(query, signal),
    enabled: enabled && query.expr.trim() !== "",
    placeholderData: (previous, previousQuery) =>
      (previousQuery?.queryKey[1] as InstantQuery | undefined)?.expr === query.expr ? previous : undefined,
    retry: false,
  });

export const useRangeQuery = (query: RangeQuery, enabled: boolean) =>
  useQuery({
    queryKey: ["range", query],
    queryFn: ({ signal }) => rangeQuery(query, signal),
    enabled: enabled && query.expr.trim() !== "",
    placeholderData: (previous, previousQuery) =>
      (previousQuery?.queryKey[1] as RangeQuery | undefined)?.expr === query.expr ? previous : undefined,
    retry: false,
  });
