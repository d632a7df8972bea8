/** Text that is safe inside HTML. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** What the page says of its server. */
export interface PageFacts {
  readonly version: string
  readonly simulated: boolean
  readonly networks: readonly string[]
  readonly example: string
}

/** The page at `/`: self-contained, without any request to another host. */
export function renderPage({ version, simulated, networks, example }: PageFacts): string {
  const warning = simulated
    ? '<p class="warning" role="alert"><strong>Simulated data.</strong> No figure here is real.</p>'
    : ''
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>depindex${simulated ? ' (simulated data)' : ''}</title><link rel="icon" href="data:,">
<style>
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
textarea{width:100%;min-height:11rem;font:14px/1.4 ui-monospace,monospace;box-sizing:border-box}
pre{overflow:auto;max-height:30rem;border:1px solid #8886;padding:.75rem;font-size:14px}
.warning{border:2px solid #c60;padding:.5rem 1rem}button{font:inherit;padding:.4rem 1rem}
</style></head><body>
<h1>depindex</h1>
<p>Do users pay for a network, or do its token holders? Version ${escaped(version)}; networks: ${networks.map(escaped).join(', ')}.</p>
${warning}
<p><a href="/schema.graphql">Schema</a> · <a href="/health">health</a> · <a href="/ready">ready</a> · <a href="/metrics">figures for Prometheus</a> · GraphQL by POST to <code>/graphql</code></p>
<form id="ask"><label for="query">Query</label>
<textarea id="query" spellcheck="false">${escaped(example)}</textarea>
<p><button>Ask</button></p></form>
<pre id="answer" aria-live="polite">The answer appears here.</pre>
<script>
document.getElementById('ask').addEventListener('submit', async (event) => {
  event.preventDefault()
  const answer = document.getElementById('answer')
  answer.textContent = 'Asking\\u2026'
  try {
    const response = await fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: document.getElementById('query').value }) })
    answer.textContent = JSON.stringify(await response.json(), null, 2)
  } catch (error) {
    answer.textContent = 'The server did not answer: ' + error.message
  }
})
</script></body></html>
`
}
