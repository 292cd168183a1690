"use client";

export { PageErrorPanel as default } from "@/features/console/ui/page-error-panel";
