select * from counter where active order by network, name;
select * from stream where active order by id;
select * from token order by symbol;
select i.*, s.network, array(select name from stream where id = any(i.stream_ids) order by id) as streams from import i join stream s on s.id = i.stream_ids[1] order by i.id desc limit 1000;
select last_value from data_version;
select n.id, n.name, n.sector, n.description, n.absent, n.regimes, n.primary_token, c.origin from network n join token t on t.symbol = n.primary_token left join chain c on c.id = t.chain order by n.id;
