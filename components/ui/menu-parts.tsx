"use client";

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { classNames } from "./class-names";

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2.5 rounded-sm px-2.5 text-md text-ink no-underline outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:text-ink-3 data-[highlighted]:bg-sunken touch:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0";

export type MenuProps = {
  /** One button element. */
  trigger: ReactElement;
  label: string;
  align?: "start" | "end";
  children: ReactNode;
};

/** The working menu, open when it arrives; `menu.tsx` fetches it when somebody reaches for it. */
export function OpenMenu({ trigger, label, align = "end", children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] min-w-[180px] overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-raised"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

type MenuItemProps = Omit<ComponentProps<typeof DropdownMenu.Item>, "title"> & {
  /** Present for one-of choices: a tick stands before the chosen one. */
  checked?: boolean;
};

/** One action: `onSelect`, or a link as the only child with `asChild`. */
export function MenuItem({ checked, asChild, className, children, ...props }: MenuItemProps) {
  const classes = classNames(ITEM, className);
  if (asChild) {
    return (
      <DropdownMenu.Item asChild className={classes} {...props}>
        {children}
      </DropdownMenu.Item>
    );
  }
  if (checked !== undefined) {
    return (
      <DropdownMenu.CheckboxItem checked={checked} className={classes} {...props}>
        <span className="size-4">{checked && <Check aria-hidden />}</span>
        {children}
      </DropdownMenu.CheckboxItem>
    );
  }
  return (
    <DropdownMenu.Item className={classes} {...props}>
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2.5 py-1 text-xs text-ink-3">{children}</DropdownMenu.Label>;
}
