-- CreateTable
CREATE TABLE "uploaded_trace_file" (
    "id" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "file_name" TEXT NOT NULL,
    "uploaded_by" TEXT NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "uploaded_trace_file_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "uploaded_trace" (
    "id" TEXT NOT NULL,
    "trace_id" TEXT NOT NULL,
    "file_id" TEXT NOT NULL,

    CONSTRAINT "uploaded_trace_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "uploaded_trace_file_expires_at_idx" ON "uploaded_trace_file"("expires_at");

-- CreateIndex
CREATE INDEX "uploaded_trace_file_id_idx" ON "uploaded_trace"("file_id");

-- AddForeignKey
ALTER TABLE "uploaded_trace" ADD CONSTRAINT "uploaded_trace_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "uploaded_trace_file"("id") ON DELETE CASCADE ON UPDATE CASCADE;
