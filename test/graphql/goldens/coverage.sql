select last_value from data_version;
select s.id, s.network, s.name, s.chain, s.revision, s.from_height, s.to_height, coalesce(c.heights, '{}')::text as heights, ch.finalized from stream s left join coverage c on c.stream_id = s.id left join chain ch on ch.id = s.chain where s.active and ($1::text is null or s.network = $1) order by s.network, s.id;
select stream_id as "streamId", from_height as from, to_height as to, code, reason from gap order by stream_id, from_height;
