import { Button, Checkbox, Group, Modal } from "@mantine/core";
import { useState } from "react";
import type { Silence } from "../../api/types/alertmanager";
import { useExpireSilence } from "../../api/useAlertmanager";
import { Age } from "../../components/Age";
import { Busy, Message } from "../../components/Message";
import { StateBadge } from "../../components/StateBadge";
import { useTexts } from "../../lib/i18n";
import { formatMatcher, formatMatchers } from "../../lib/matchers";

export function Silences({ silences, error, filter }: { silences: Silence[] | undefined; error?: string; filter: string }) {
  const t = useTexts();
  const [withExpired, setWithExpired] = useState(false);
  const [ending, setEnding] = useState<Silence | null>(null);
  const expire = useExpireSilence();
  if (error) return <Message title={t.panelError} text={error} />;
  if (!silences) return <Busy />;
  const order = { active: 0, pending: 1, expired: 2 };
  const shown = silences
    .filter((silence) => withExpired || silence.status.state !== "expired")
    .filter((silence) => `${formatMatchers(silence.matchers)} ${silence.comment} ${silence.createdBy}`.toLowerCase().includes(filter))
    .sort((a, b) => order[a.status.state] - order[b.status.state] || a.endsAt.localeCompare(b.endsAt));
  return (
    <>
      <Checkbox
        size="xs"
        mb="sm"
        label={t.showExpired}
        checked={withExpired}
        onChange={(event) => setWithExpired(event.currentTarget.checked)}
      />
      {shown.length === 0 && <Message title={t.noSilences} />}
      <div style={{ display: "grid", gap: 10 }}>
        {shown.map((silence) => (
          <article
            key={silence.id}
            className="card"
            aria-label={silence.comment}
            style={{ padding: "10px 14px", display: "grid", gap: 7, fontSize: "0.86rem" }}
          >
            <div style={{ display: "flex", flexWrap: "wrap", gap: "6px 10px", alignItems: "center" }}>
              <StateBadge mood={silence.status.state === "active" ? "warning" : "quiet"}>{t[silence.status.state]}</StateBadge>
              <strong style={{ overflowWrap: "anywhere" }}>{silence.comment}</strong>
              <span className="muted">
                {silence.createdBy} ·{" "}
                {silence.status.state === "pending" ? t.startsAt : silence.status.state === "active" ? t.endsAt : t.endedAt}{" "}
                <Age time={silence.status.state === "pending" ? silence.startsAt : silence.endsAt} />
              </span>
              {silence.status.state !== "expired" && (
                <Button size="compact-xs" variant="default" ml="auto" onClick={() => setEnding(silence)}>
                  {t.expire}
                </Button>
              )}
            </div>
            <span className="labels">
              {silence.matchers.map((matcher) => (
                <span key={formatMatcher(matcher)} className="label">
                  {formatMatcher(matcher)}
                </span>
              ))}
            </span>
          </article>
        ))}
      </div>
      <Modal
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title={t.expireSilence}
        closeButtonProps={{ "aria-label": t.close }}
        centered
      >
        <p style={{ marginTop: 0 }}>{ending?.comment}</p>
        {expire.isError && <p className="error-text">{expire.error.message}</p>}
        <Group justify="flex-end">
          <Button variant="default" size="xs" onClick={() => setEnding(null)}>
            {t.cancel}
          </Button>
          <Button
            color="red"
            size="xs"
            loading={expire.isPending}
            onClick={() => ending && expire.mutate(ending.id, { onSuccess: () => setEnding(null) })}
          >
            {t.expire}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
