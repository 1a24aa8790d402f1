import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/api";
import { useSignIn } from "../../api/useUser";
import { useTexts } from "../../lib/i18n";
import { Entrance } from "./Entrance";

export function SignInPage() {
  const t = useTexts();
  const signIn = useSignIn();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ user: user.trim(), password });
  };
  return (
    <Entrance>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t.username}
            name="username"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.password}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {signIn.isError && (
            <div className="error-text" role="alert">
              {describe(signIn.error, t)}
            </div>
          )}
          <Button type="submit" loading={signIn.isPending} fullWidth mt={4}>
            {t.signIn}
          </Button>
          <span className="muted" style={{ fontSize: "0.8rem" }}>
            {t.firstSignInHint}
          </span>
        </Stack>
      </form>
    </Entrance>
  );
}

function describe(error: Error, t: ReturnType<typeof useTexts>): string {
  if (error instanceof ApiError && error.status === 401) return t.wrongCredentials;
  if (error instanceof ApiError && error.status === 429) return t.tooManyAttempts;
  if (error instanceof ApiError && error.status === 0) return t.serverGone;
  return error.message;
}
