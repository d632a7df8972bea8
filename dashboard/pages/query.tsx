import { useState } from 'preact/hooks'
import { headersOf } from '../api.ts'

const example = `{
  networks { slug name origin }
  status { dataVersion staleDays chains { chain head headTime lastError } }
}`

/** Any question in GraphQL, and its answer as it came. */
export function Query() {
  const [text, setText] = useState(example)
  const [answer, setAnswer] = useState('The answer appears here.')
  const send = async (): Promise<void> => {
    setAnswer('Asking…')
    try {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: headersOf(),
        body: JSON.stringify({ query: text }),
      })
      setAnswer(JSON.stringify(await response.json(), null, 2))
    } catch (error) {
      setAnswer(`The server did not answer: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return (
    <>
      <h1>Ask in GraphQL</h1>
      <p class="lead">
        The schema, with every field's meaning, unit and window, is at{' '}
        <a href="/schema.graphql">/schema.graphql</a>.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <textarea
          name="query"
          aria-label="Query"
          rows={10}
          spellcheck={false}
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <p>
          <button type="submit">Ask</button>
        </p>
      </form>
      <pre aria-live="polite">{answer}</pre>
    </>
  )
}
