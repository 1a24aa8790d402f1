import { useQuery } from "@tanstack/react-query";
import { get, getPrometheus } from "./api";
import type { TsdbStatus } from "./types/prometheus";

/** A part of /api/v1/status, a flat object of names and values. */
export const useStatus = (part: "buildinfo" | "runtimeinfo" | "flags") =>
  useQuery({
    queryKey: ["status", part],
    queryFn: async ({ signal }) => (await getPrometheus<Record<string, string | number | boolean>>(`status/${part}`, {}, signal)).data,
  });

export const useConfigText = () =>
  useQuery({
    queryKey: ["status", "config"],
    queryFn: async ({ signal }) => (await getPrometheus<{ yaml: string }>("status/config", {}, signal)).data.yaml,
  });

export const useTsdbStatus = (limit: number) =>
  useQuery({
    queryKey: ["status", "tsdb", limit],
    queryFn: async ({ signal }) => (await getPrometheus<TsdbStatus>("status/tsdb", { limit }, signal)).data,
  });

export const useHealth = () =>
  useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => get<{ version: string }>("/api/health", {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
