-- CreateTable
CREATE TABLE "sample_data" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sample_data_pkey" PRIMARY KEY ("id")
);
