import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { alertmanagerBase, change, get } from "./api";
import type { ManagedAlert, NewSilence, Silence } from "./types/alertmanager";

export const useManagedAlerts = (refreshMs = 10_000) =>
  useQuery({
    queryKey: ["managedAlerts"],
    queryFn: ({ signal }) => get<ManagedAlert[]>(`${alertmanagerBase}/alerts`, {}, signal),
    refetchInterval: refreshMs,
  });

export const useSilences = (refreshMs = 10_000) =>
  useQuery({
    queryKey: ["silences"],
    queryFn: ({ signal }) => get<Silence[]>(`${alertmanagerBase}/silences`, {}, signal),
    refetchInterval: refreshMs,
  });

function useRefreshing() {
  const queries = useQueryClient();
  return () => Promise.all(["silences", "managedAlerts"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

export const useCreateSilence = () =>
  useMutation({
    mutationFn: (silence: NewSilence) => change<{ silenceID: string }>("POST", `${alertmanagerBase}/silences`, silence),
    onSuccess: useRefreshing(),
  });

export const useExpireSilence = () =>
  useMutation({
    mutationFn: (id: string) => change<unknown>("DELETE", `${alertmanagerBase}/silence/${encodeURIComponent(id)}`),
    onSuccess: useRefreshing(),
  });
