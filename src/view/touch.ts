/** Where targets must be as large as a finger: the media query of `--touch` in app/styles/base.css. */
export const TOUCH = '(pointer: coarse), (max-width: 599px)';
