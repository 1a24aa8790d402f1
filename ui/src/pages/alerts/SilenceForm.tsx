import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ManagedAlert } from "../../api/types/alertmanager";
import { useCreateSilence } from "../../api/useAlertmanager";
import { useUser } from "../../api/useUser";
import { parseDuration } from "../../lib/durations";
import { useTexts } from "../../lib/i18n";
import { formatMatchers, type Matcher, matchesLabels, parseMatchers } from "../../lib/matchers";

interface SilenceFormProps {
  initial: Matcher[];
  alerts: readonly ManagedAlert[];
  onClose: () => void;
}

/** Creates a silence, and says beforehand which alerts it will quiet. */
export function SilenceForm({ initial, alerts, onClose }: SilenceFormProps) {
  const t = useTexts();
  const user = useUser();
  const create = useCreateSilence();
  const [matchersText, setMatchers] = useState(formatMatchers(initial));
  const [duration, setDuration] = useState("2h");
  const [createdBy, setCreatedBy] = useState(user.data?.authEnabled ? user.data.login : "");
  const [comment, setComment] = useState("");
  const [tried, setTried] = useState(false);
  const matchers = parseMatchers(matchersText);
  const lengthMs = parseDuration(duration);
  const valid = matchers !== null && matchers.length > 0 && (lengthMs ?? 0) > 0 && createdBy.trim() !== "" && comment.trim() !== "";
  const affected = matchers && matchers.length > 0 ? alerts.filter((alert) => matchesLabels(matchers, alert.labels)).length : 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!valid || matchers === null || lengthMs === null) return;
    const now = Date.now();
    create.mutate(
      {
        matchers,
        createdBy: createdBy.trim(),
        comment: comment.trim(),
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + lengthMs).toISOString(),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t.newSilence} size="lg" closeButtonProps={{ "aria-label": t.close }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Textarea
            label={t.matchers}
            description={t.matchersHint}
            autosize
            minRows={2}
            data-autofocus
            value={matchersText}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.85rem" } }}
            error={(matchersText.trim() !== "" && matchers === null) || (tried && !matchers?.length) ? t.badMatchers : undefined}
            onChange={(event) => setMatchers(event.currentTarget.value)}
          />
          {matchers && matchers.length > 0 && (
            <span className="muted" style={{ fontSize: "0.82rem" }}>
              {t.affectsAlerts(affected)}
            </span>
          )}
          <Group grow align="flex-start">
            <TextInput
              label={t.duration}
              description={t.durationHint}
              value={duration}
              error={lengthMs ? undefined : t.badDuration}
              onChange={(event) => setDuration(event.currentTarget.value)}
              inputWrapperOrder={["label", "input", "description", "error"]}
            />
            <TextInput
              label={t.createdBy}
              value={createdBy}
              error={tried && !createdBy.trim() && t.required}
              onChange={(event) => setCreatedBy(event.currentTarget.value)}
            />
          </Group>
          <Textarea
            label={t.comment}
            value={comment}
            error={tried && !comment.trim() && t.required}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          {create.isError && (
            <span className="error-text" role="alert">
              {create.error.message}
            </span>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.cancel}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t.createSilence}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
