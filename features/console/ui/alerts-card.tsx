"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { LiveCard } from "@/components/states/live-card";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount } from "@/lib/format";
import type { Receiver } from "../contract";
import { consoleKeys, receiversQuery, sendTestAlert } from "../queries";

/** Where alerts go beside the bell, whether they arrive there, and a way to try it. */
export function AlertsCard() {
  return (
    <LiveCard
      live={useLiveQuery(receiversQuery)}
      loading={{ rows: 2 }}
      title="Where alerts go"
      unanswered="The database has not answered yet, so it is not known where alerts go."
    >
      {({ receivers }) => <Receivers receivers={receivers} />}
    </LiveCard>
  );
}

const LINE = "flex gap-2 border-t border-line px-4 py-2 max-phone:px-3.5";

function Receivers({ receivers }: { receivers: readonly Receiver[] }) {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: sendTestAlert,
    onSuccess: async (reply) => {
      client.setQueryData(consoleKeys.receivers(), reply);
      await client.invalidateQueries({ queryKey: consoleKeys.alerts() });
    },
  });
  return (
    <Card aria-labelledby="alerts-card">
      <CardHeader id="alerts-card" title="Where alerts go" />
      <ul>
        <li className={LINE}>
          <StateGlyph tone="ok" className="mt-1" />
          <p>
            This console <span className="text-ink-3">the bell of every page</span>
          </p>
        </li>
        {receivers.map((receiver) => (
          <ReceiverLine key={`${receiver.channel} ${receiver.target}`} receiver={receiver} />
        ))}
      </ul>
      {receivers.length === 0 && (
        <CardBody className="border-t border-line pt-2.5 text-ink-2">
          No webhook and no e-mail is set. <span className="mono">OPS_ALERT_WEBHOOKS</span> and{" "}
          <span className="mono">OPS_ALERT_EMAIL_TO</span> name receivers; a worker tells of them here once it has
          started with them.
        </CardBody>
      )}
      <CardFooter className="flex flex-wrap items-center gap-3">
        <Button disabled={test.isPending} onClick={() => test.mutate()}>
          Send a test alert
        </Button>
        <span role="status">{testText(test)}</span>
      </CardFooter>
    </Card>
  );
}

function testText({ error, isSuccess }: { error: Error | null; isSuccess: boolean }): string {
  if (error !== null) return error.message;
  return isSuccess ? "It is behind the bell, and on its way to the others." : "Goes everywhere alerts go.";
}

function ReceiverLine({ receiver }: { receiver: Receiver }) {
  const { channel, target, problem, error } = receiver;
  const wrong = problem ?? error;
  return (
    <li className={LINE}>
      <StateGlyph tone={wrong === null ? "ok" : "bad"} className="mt-1" />
      <div className="min-w-0">
        <p className="break-words">
          {channel === "email" ? "E-mail to" : "Webhook"} <span className="mono break-all">{target}</span>
        </p>
        <p className="break-words text-sm text-ink-3">
          <Delivered receiver={receiver} />
        </p>
        {wrong !== null && <p className="break-words text-sm text-bad">{wrong}</p>}
      </div>
    </li>
  );
}

function Delivered({ receiver: { deliveredAt, waiting, givenUp } }: { receiver: Receiver }) {
  return (
    <>
      {deliveredAt === null ? (
        "nothing delivered yet"
      ) : (
        <>
          last delivered <RelativeTime at={deliveredAt} />
        </>
      )}
      {waiting > 0 && `, ${formatCount(waiting)} on the way`}
      {givenUp > 0 && `, ${formatCount(givenUp)} given up`}
    </>
  );
}
