import { escapeHtml } from '../../plot/html/html';
import { version } from '../../version';

/** Nothing may be fetched: a page holds all it needs, and a browser that obeys this policy proves it. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

/** How a page begins, up to its body. */
export function pageHead(title: string, style: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>`;
}

/** What is at the end of a page, below all that it shows. */
export const pageFooter: string = `<footer>Made with concord-mri ${escapeHtml(version)}. This file is complete: it opens without a network.</footer>`;
