select * from counter where active order by network, name;
select * from stream where active order by id;
select * from token order by symbol;
select e.stream_id, encode(e.tx_id, 'hex') as tx, e.position, e.amount_raw::text as raw, e.height, e.from_height, e.happened_at, e.act, e.sender, e.recipient, e.detail::text as detail, e.accrued_from, e.accrued_to, e.usd_micros::text as usd from unnest($1::int[]) as s (id) cross join lateral ( select * from event where stream_id = s.id order by happened_at desc, tx_id desc, position desc limit $2) e order by e.happened_at desc, e.stream_id desc, e.tx_id desc, e.position desc limit $2;
select i.*, s.network, array(select name from stream where id = any(i.stream_ids) order by id) as streams from import i join stream s on s.id = i.stream_ids[1] order by i.id desc limit 1000;
select last_value from data_version;
select n.id, n.name, n.sector, n.description, n.absent, n.regimes, n.primary_token, c.origin from network n join token t on t.symbol = n.primary_token left join chain c on c.id = t.chain order by n.id;
select s.id, s.network, s.name, s.kind, s.class, s.lens, s.role, s.method, s.chain, s.token, t.decimals, coalesce(c.id_encoding, 'hex') as id_encoding, coalesce(c.origin, 'live') as origin from stream s join token t on t.symbol = s.token left join chain c on c.id = s.chain where s.id = any($4) or ($4::int[] is null and s.active and ($1::text[] is null or s.network = any($1)) and (s.name = $2 or ($2::text is null and s.role = 'ledger')) and ($3::text is null or s.kind = $3)) order by s.network, s.id;
