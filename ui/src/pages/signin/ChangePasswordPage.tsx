import { Button, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type User, useChangePassword, useSignOut } from "../../api/useUser";
import { useTexts } from "../../lib/i18n";
import { Entrance } from "./Entrance";

const lengthMin = 8;

/** After the first sign-in: nothing else until the password is one's own. */
export function ChangePasswordPage({ user }: { user: User }) {
  const t = useTexts();
  const change = useChangePassword();
  const signOut = useSignOut();
  const [oldPassword, setOld] = useState("");
  const [newPassword, setNew] = useState("");
  const [confirmNew, setConfirm] = useState("");
  const [tried, setTried] = useState(false);
  const tooShort = newPassword.length < lengthMin;
  const differ = newPassword !== confirmNew;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!tooShort && !differ) change.mutate({ oldPassword, newPassword, confirmNew });
  };
  return (
    <Entrance>
      <form onSubmit={submit}>
        <input type="text" name="username" autoComplete="username" value={user.login} readOnly hidden />
        <Stack gap="sm">
          <strong>{t.changePassword}</strong>
          <span className="muted" style={{ fontSize: "0.86rem" }}>
            {t.changePasswordFirst}
          </span>
          <PasswordInput
            label={t.currentPassword}
            autoComplete="current-password"
            autoFocus
            required
            withAsterisk={false}
            value={oldPassword}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.newPassword}
            description={t.passwordTooShort}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={newPassword}
            error={tried && tooShort && t.passwordTooShort}
            onChange={(event) => setNew(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.repeatPassword}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={confirmNew}
            error={tried && differ && t.passwordsDiffer}
            onChange={(event) => setConfirm(event.currentTarget.value)}
          />
          {change.isError && (
            <div className="error-text" role="alert">
              {change.error.message}
            </div>
          )}
          <Button type="submit" loading={change.isPending} fullWidth mt={4}>
            {t.savePassword}
          </Button>
          <Button variant="subtle" color="gray" size="xs" onClick={() => signOut.mutate()}>
            {t.signOut}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
