import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, change, get, send } from "./api";

export interface User {
  login: string;
  orgRole: string;
  mustChangePassword: boolean;
  /** False if signing in is switched off on the server. */
  authEnabled: boolean;
}

/** Who is signed in; null if nobody is. */
export function useUser() {
  return useQuery({
    queryKey: ["user"],
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => !(error instanceof ApiError && error.status > 0) && count < 3,
    queryFn: async ({ signal }): Promise<User | null> => {
      try {
        return await get<User>("/api/user", {}, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { user: string; password: string }) => change<{ message: string }>("POST", "/login", credentials),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["user"] }),
  });
}

export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (passwords: { oldPassword: string; newPassword: string; confirmNew: string }) =>
      change<{ message: string }>("PUT", "/api/user/password", passwords),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["user"] }),
  });
}

/** Ends the session and loads the page anew, so that nothing of what was seen stays in memory. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => send("/logout", { method: "POST" }),
    onSettled: () => window.location.assign("/"),
  });
}
