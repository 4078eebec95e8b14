-- in: :number  out: xml, key (differs when the form or any of its media does)
SELECT xml,
       number || ':' || coalesce((SELECT group_concat(name || '=' || sha256, '/') FROM form_media WHERE form = number), '') AS key
FROM form
WHERE number = :number
