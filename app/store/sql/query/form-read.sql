-- in: :number  out: xml, key (differs when the form, any of its media or any local entity does)
SELECT xml,
       number || ':' || coalesce((SELECT group_concat(name || '=' || sha256, '/') FROM form_media WHERE form = number), '')
         || ':' || coalesce ((SELECT seq FROM sqlite_sequence WHERE name = 'entity'), 0) || '/' || (SELECT count (*) FROM entity) AS key
FROM form
WHERE number = :number
