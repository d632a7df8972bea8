select * from counter where active order by network, name;
select * from token order by symbol;
select i.*, s.network, array(select name from stream where id = any(i.stream_ids) order by id) as streams from import i join stream s on s.id = i.stream_ids[1] order by i.id desc limit 1000;
select last_value from data_version;
select n.id, n.name, n.sector, n.description, l.absent, l.regimes, l.primary_token, c.origin from network n join network_life l on l.network = n.id and l.retired_at = 'infinity' join token t on t.symbol = l.primary_token left join chain c on c.id = t.chain order by n.id;
select s.id, s.network, s.name, s.revision, s.chain, l.* from stream_life l join stream s on s.id = l.stream_id where l.retired_at = 'infinity' order by s.id;
