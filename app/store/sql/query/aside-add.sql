-- in: :record (number), :place, :version, :ref, :label, :value, :text, :now (unix ms)  out: nothing
INSERT INTO answer_aside (record, place, version, ref, label, value, text, at)
VALUES (:record, :place, :version,
        record_sealed (:record, 'aside/ref/' || :place, :ref), record_sealed (:record, 'aside/label/' || :place, :label),
        record_sealed (:record, 'aside/value/' || :place, :value), record_sealed (:record, 'aside/text/' || :place, :text), :now)
