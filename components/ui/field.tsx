"use client";

import { cloneElement, isValidElement, type ReactElement, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

type ControlProps = { id?: string; "aria-describedby"?: string; "aria-invalid"?: boolean };

type FieldProps = {
  label: ReactNode;
  /** What to write, or where it is used; stays visible. */
  hint?: ReactNode;
  /** What is wrong and how to put it right; announced. */
  error?: string | undefined;
  className?: string;
  /** One control: Input, Select, Textarea. Gets id, description and invalid state. */
  children: ReactElement<ControlProps>;
};

/** A labelled control with its hint and its error. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const ownId = useId();
  const id = children.props.id ?? ownId;
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(" ");
  const control = isValidElement(children)
    ? cloneElement(children, {
        id,
        ...(described === "" ? {} : { "aria-describedby": described }),
        ...(error === undefined ? {} : { "aria-invalid": true }),
      })
    : children;
  return (
    <div className={classNames("grid min-w-0 content-start gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium text-ink-2">
        {label}
      </label>
      {control}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
