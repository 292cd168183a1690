-- Where the workers say that alerts go: they alone have these settings, and pages show them from here. Names tell one
-- receiver from another without its secrets.
CREATE TABLE alerts.receiver (
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    -- What keeps anything from being sent to it, as far as the settings tell.
    problem TEXT,
    told_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT receiver_pkey PRIMARY KEY (channel, target)
);
