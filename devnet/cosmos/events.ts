import { coinsText, dec } from './decimal.ts'
import type { Era } from './eras.ts'
import type { Fact, MarketFact } from './facts.ts'

/** An event before it is written for the wire. */
export interface PlainEvent {
  readonly type: string
  readonly attributes: readonly (readonly [key: string, value: string])[]
}

/** The events that a fact leaves in an era, in the order of the real modules. */
export function eventsOf(fact: Fact, era: Era): PlainEvent[] {
  switch (fact.kind) {
    case 'send':
      return send(fact.from, fact.to, coinsText(fact.coins), era)
    case 'mint': {
      if (!era.bankEvents) return []
      const amount = coinsText([fact.coin])
      return [
        received(fact.by, amount),
        {
          type: 'coinbase',
          attributes: [
            ['minter', fact.by],
            ['amount', amount],
          ],
        },
      ]
    }
    case 'burn': {
      if (!era.bankEvents) return []
      const amount = coinsText([fact.coin])
      return [
        spent(fact.by, amount),
        {
          type: 'burn',
          attributes: [
            ['burner', fact.by],
            ['amount', amount],
          ],
        },
      ]
    }
    case 'market':
      return [era.typed ? typedMarket(fact) : legacyMarket(fact)]
    case 'plain':
      return [fact]
    case 'typed':
      return [typed(fact.type, fact.values)]
  }
}

const spent = (spender: string, amount: string): PlainEvent => ({
  type: 'coin_spent',
  attributes: [
    ['spender', spender],
    ['amount', amount],
  ],
})

const received = (receiver: string, amount: string): PlainEvent => ({
  type: 'coin_received',
  attributes: [
    ['receiver', receiver],
    ['amount', amount],
  ],
})

function send(from: string, to: string, amount: string, era: Era): PlainEvent[] {
  const moved: PlainEvent[] = [
    {
      type: 'transfer',
      attributes: [
        ['recipient', to],
        ['sender', from],
        ['amount', amount],
      ],
    },
    { type: 'message', attributes: [['sender', from]] },
  ]
  return era.bankEvents ? [spent(from, amount), received(to, amount), ...moved] : moved
}

/** An event whose values are JSON, its keys sorted. */
function typed(type: string, values: Readonly<Record<string, unknown>>): PlainEvent {
  const keys = Object.keys(values).sort()
  return { type, attributes: keys.map((key) => [key, JSON.stringify(values[key])] as const) }
}

/** Names of the typed events by what happened. */
const typedNames: Readonly<Record<MarketFact['what'], string>> = {
  'deployment-created': 'akash.deployment.v1.EventDeploymentCreated',
  'deployment-closed': 'akash.deployment.v1.EventDeploymentClosed',
  'group-closed': 'akash.deployment.v1.EventGroupClosed',
  'group-paused': 'akash.deployment.v1.EventGroupPaused',
  'order-created': 'akash.market.v1.EventOrderCreated',
  'order-closed': 'akash.market.v1.EventOrderClosed',
  'bid-created': 'akash.market.v1.EventBidCreated',
  'bid-closed': 'akash.market.v1.EventBidClosed',
  'lease-created': 'akash.market.v1.EventLeaseCreated',
  'lease-closed': 'akash.market.v1.EventLeaseClosed',
}

const priced: ReadonlySet<MarketFact['what']> = new Set(['bid-created', 'lease-created'])

function typedMarket({ what, id, price, reason, hash }: MarketFact): PlainEvent {
  const part = what.split('-')[0]
  const deployment = { owner: id.owner, dseq: String(id.dseq) }
  const order = { ...deployment, gseq: 1, oseq: 1 }
  const ids: Readonly<Record<string, object>> = { deployment, group: { ...deployment, gseq: 1 }, order }
  return typed(typedNames[what], {
    id: ids[part ?? ''] ?? { ...order, provider: id.provider, bseq: 1 },
    ...(what === 'deployment-created' ? { hash: Buffer.from(hash ?? '', 'hex').toString('base64') } : {}),
    ...(price !== undefined && priced.has(what)
      ? { price: { denom: price.denom, amount: dec(price.amount) } }
      : {}),
    ...(what === 'lease-closed' ? { reason: `lease_closed_reason_${reason}` } : {}),
  })
}

function legacyMarket({ what, id, price, hash }: MarketFact): PlainEvent {
  const part = what.split('-')[0] ?? ''
  const [inDeployment, inOrder] = [
    part === 'deployment' || part === 'group',
    part !== 'deployment' && part !== 'group',
  ]
  const attributes: (readonly [string, string])[] = [
    ['module', inDeployment ? 'deployment' : 'market'],
    ['action', what],
    ...(hash === undefined ? [] : [['version', hash] as const]),
    ['owner', id.owner],
    ['dseq', String(id.dseq)],
  ]
  if (part !== 'deployment') attributes.push(['gseq', '1'])
  if (inOrder) attributes.push(['oseq', '1'])
  if (part === 'bid' || part === 'lease') {
    attributes.push(['provider', id.provider ?? ''])
    if (price !== undefined)
      attributes.push(['price-denom', price.denom], ['price-amount', dec(price.amount)])
  }
  return { type: 'akash.v1', attributes }
}
