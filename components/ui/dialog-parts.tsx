"use client";

import { X } from "lucide-react";
import { Dialog as RadixDialog } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "./class-names";
import { IconButton } from "./icon-button";

export const DialogClose = RadixDialog.Close;

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** One button element that opens it. */
  trigger?: ReactElement;
  title: string;
  /** One sentence under the title: what this will do. */
  description?: ReactNode;
  size?: "sm" | "md";
  /** Buttons at the end; the primary one last. */
  footer?: ReactNode;
  children?: ReactNode;
};

const SIZES = { sm: "max-w-[420px]", md: "max-w-[560px]" };

/** The working dialog; `dialog.tsx` fetches it when it first opens. */
export function OpenDialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  size = "md",
  footer,
  children,
}: DialogProps) {
  return (
    <RadixDialog.Root open={open} onOpenChange={onOpenChange}>
      {trigger !== undefined && <RadixDialog.Trigger asChild>{trigger}</RadixDialog.Trigger>}
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <RadixDialog.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className={classNames(
            "fixed top-[12vh] left-1/2 z-50 flex max-h-[80vh] w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-lg border border-line bg-raised shadow-raised focus:outline-none",
            "max-phone:inset-x-0 max-phone:top-auto max-phone:bottom-0 max-phone:max-h-[88vh] max-phone:w-full max-phone:max-w-none max-phone:translate-x-0 max-phone:rounded-b-none max-phone:pb-[env(safe-area-inset-bottom)]",
            SIZES[size],
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 grow">
              <RadixDialog.Title className="text-lg font-semibold">{title}</RadixDialog.Title>
              {description !== undefined && (
                <RadixDialog.Description className="mt-1 text-md text-ink-2">{description}</RadixDialog.Description>
              )}
            </div>
            <RadixDialog.Close asChild>
              <IconButton label="Close" className="-mt-1 -mr-2">
                <X aria-hidden />
              </IconButton>
            </RadixDialog.Close>
          </header>
          <div className="min-h-0 grow overflow-y-auto px-5 pt-1 pb-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
          )}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
