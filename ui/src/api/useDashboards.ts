import { useQuery } from "@tanstack/react-query";
import { get } from "./api";
import type { DashboardAnswer, DashboardListItem } from "./types/dashboard";

export const useDashboards = () =>
  useQuery({
    queryKey: ["dashboards"],
    queryFn: ({ signal }) => get<DashboardListItem[]>("/api/search", { limit: 5000 }, signal),
    staleTime: 30_000,
  });

export const useDashboard = (uid: string) =>
  useQuery({
    queryKey: ["dashboard", uid],
    queryFn: ({ signal }) => get<DashboardAnswer>(`/api/dashboards/uid/${encodeURIComponent(uid)}`, {}, signal),
    staleTime: 60_000,
  });

export interface FileProblem {
  file: string;
  line: number;
  column: number;
  field: string;
  message: string;
  severity: "error" | "warning";
}

/** What is wrong in the dashboard files. */
export const useDashboardProblems = () =>
  useQuery({
    queryKey: ["dashboardProblems"],
    queryFn: ({ signal }) => get<FileProblem[]>("/api/dashboards/problems", {}, signal),
    staleTime: 30_000,
  });
