/**
 * The few marks of a lesson's Markdown (paragraphs, *emphasis*, **strong**, `code`, [links](https://…)) as data, so
 * that text from a link or a file never becomes HTML.
 */
export type Inline =
  | { readonly kind: 'text' | 'emphasis' | 'strong' | 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const MARK = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

/** One list of pieces for each paragraph. */
export function paragraphsOf(markdown: string): readonly (readonly Inline[])[] {
  return markdown
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map(inlinesOf);
}

function inlinesOf(paragraph: string): readonly Inline[] {
  const pieces: Inline[] = [];
  let at = 0;
  for (const match of paragraph.matchAll(MARK)) {
    if (match.index > at) pieces.push({ kind: 'text', text: paragraph.slice(at, match.index) });
    pieces.push(pieceOf(match));
    at = match.index + match[0].length;
  }
  if (at < paragraph.length) pieces.push({ kind: 'text', text: paragraph.slice(at) });
  return pieces;
}

function pieceOf([whole, code, strong, emphasis, label, href]: RegExpMatchArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis };
  return label !== undefined && href !== undefined
    ? { kind: 'link', text: label, href }
    : { kind: 'text', text: whole };
}
