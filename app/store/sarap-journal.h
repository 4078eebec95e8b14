#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The second copy of a record: one append-only file that checks itself. */

/* What stands behind the letter of an entry, as GVariant of this type (little-endian). */
typedef enum
{
  SARAP_JOURNAL_ANSWER = 'a', /* (xxixayay) revision, place, kind, at, ref (tag), sealed: a row of answer_history */
  SARAP_JOURNAL_FOLD = 'f',   /* a(xx) revision, place of each answer that stands now; all others do not */
  SARAP_JOURNAL_AUDIT = 'l',  /* (xay) place, sealed line */
  SARAP_JOURNAL_FILES = 'm',  /* a(ssayx) name, sha256 of the sealed file, sealed content hash, size: all attachments */
  SARAP_JOURNAL_XML = 'x',    /* (say) sha256, sealed XML */
  SARAP_JOURNAL_RECORD = 'r', /* (ixmaymaymaymsxxxx) the record's row: see sarap-journal-writer.c; the last entry of a change */
} SarapJournalKind;

typedef struct
{
  SarapJournalKind kind;
  GVariant *value;
} SarapJournalEntry;

typedef enum
{
  SARAP_JOURNAL_USER, /* while it is a draft */
  SARAP_JOURNAL_SYNC, /* from finalizing to the receipt */
  SARAP_JOURNAL_N_SLOTS
} SarapJournalSlot;

typedef struct
{
  char *id; /* instanceID */
  char *form_id;
  char *form_version;
  char *form_hash;
  char *form_file; /* sha256: the form's XML is media/HASH.xml */
  char *owner;
  char *keeper;
  gint64 created_at;
  GBytes *slots[SARAP_JOURNAL_N_SLOTS]; /* the record's key as in record_key; NULL: none */
  GHashTable *project_keys;             /* fingerprint → GBytes */
} SarapJournalHead;

typedef struct
{
  SarapJournalHead head;
  GPtrArray *entries; /* of SarapJournalEntry */
  goffset size;       /* bytes that check */
  goffset file_size;  /* more than @size: what follows is damaged */
  gboolean has_damaged_slot;
  guint8 chain[32];
} SarapJournalContents;

/* A file that is open for appending. */
typedef struct
{
  char *path;
  int descriptor;
  goffset size;
  guint8 chain[32];
} SarapJournal;

char *sarap_journal_dup_path (const char *store_folder, const char *id);

SarapJournalContents *sarap_journal_read (const char *path, GError **error);
void sarap_journal_contents_free (SarapJournalContents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapJournalContents, sarap_journal_contents_free)

SarapJournal *sarap_journal_create (const char *path, const SarapJournalHead *head, GPtrArray *entries, GError **error);
SarapJournal *sarap_journal_open (const char *path, const SarapJournalContents *contents, GError **error);
gboolean sarap_journal_append (SarapJournal *self, GPtrArray *entries, GError **error);
gboolean sarap_journal_take_back (SarapJournal *self, goffset size);
gboolean sarap_journal_set_slot (SarapJournal *self, SarapJournalSlot slot, GBytes *sealed, GError **error);
void sarap_journal_free (SarapJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SarapJournal, sarap_journal_free)

gboolean sarap_journal_shred (const char *path, GError **error);

SarapJournalEntry *sarap_journal_entry_new (SarapJournalKind kind, GVariant *value);
void sarap_journal_entry_free (SarapJournalEntry *self);

G_END_DECLS
