/** The visible part of a trace, in µs from its start; `fromUs < toUs`. */
export type ZoomWindow = { fromUs: number; toUs: number };

/** The least a window shows: below 1 µs there is nothing to see. */
const LEAST_WIDTH_US = 1;

/** The window between two places given in any order, inside the trace and at least 1 µs wide. */
export function toZoomWindow(aUs: number, bUs: number, durationUs: number): ZoomWindow {
  const longest = Math.max(LEAST_WIDTH_US, durationUs);
  const fromUs = Math.min(Math.max(0, Math.min(aUs, bUs)), longest - LEAST_WIDTH_US);
  return { fromUs, toUs: Math.min(longest, Math.max(fromUs + LEAST_WIDTH_US, Math.max(aUs, bUs))) };
}

/** A window narrower than this share of a trace whose clocks disagree shows more than the whole of it. */
const LOST_SHARE = 0.02;

/**
 * What to show first: the whole trace; where a clock is so far off that the request itself would be a line, the request
 * as its own clock tells it.
 *
 * @param path from where to where the critical path goes
 */
export function firstZoom(trace: { durationUs: number; isSkewed: boolean }, path: ZoomWindow | undefined): ZoomWindow {
  const { durationUs, isSkewed } = trace;
  const isLost = path !== undefined && path.toUs - path.fromUs < durationUs * LOST_SHARE;
  return isSkewed && isLost
    ? toZoomWindow(path.fromUs, path.toUs, durationUs)
    : toZoomWindow(0, durationUs, durationUs);
}

/** Scales a window around a place: `factor` < 1 comes closer. */
export function scaleZoom(window: ZoomWindow, factor: number, aroundUs: number, durationUs: number): ZoomWindow {
  const widthUs = Math.min(durationUs, Math.max(LEAST_WIDTH_US, (window.toUs - window.fromUs) * factor));
  const share = (aroundUs - window.fromUs) / (window.toUs - window.fromUs);
  const fromUs = Math.min(Math.max(0, aroundUs - share * widthUs), Math.max(0, durationUs - widthUs));
  return toZoomWindow(fromUs, fromUs + widthUs, durationUs);
}

/** The window with the span in it, with a tenth of its length to either side. */
export function zoomToSpan(startUs: number, durationUs: number, traceDurationUs: number): ZoomWindow {
  const marginUs = Math.max(LEAST_WIDTH_US, durationUs * 0.1);
  return toZoomWindow(startUs - marginUs, startUs + durationUs + marginUs, traceDurationUs);
}

/** Moves a window by a share of its width, as far as the trace goes. */
export function panZoom({ fromUs, toUs }: ZoomWindow, share: number, durationUs: number): ZoomWindow {
  const widthUs = toUs - fromUs;
  const movedUs = Math.min(Math.max(0, fromUs + widthUs * share), Math.max(0, durationUs - widthUs));
  return toZoomWindow(movedUs, movedUs + widthUs, durationUs);
}
