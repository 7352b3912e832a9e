<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>bulkactions</name>
    <message numerus="yes">
        <source>%n key(s) saved to %1.</source>
        <translation>
            <numerusform>%n key saved to %1.</numerusform>
            <numerusform>%n keys saved to %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> %n outside the tenant you work as were left out.</source>
        <translation>
            <numerusform> %n outside the tenant you work as was left out.</numerusform>
            <numerusform> %n outside the tenant you work as were left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> %n could not be read or are gone.</source>
        <translation>
            <numerusform> %n could not be read or is gone.</numerusform>
            <numerusform> %n could not be read or are gone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::app::Application</name>
    <message numerus="yes">
        <source>%n key(s) lost their expiry.</source>
        <translation>
            <numerusform>%n key lost its expiry.</numerusform>
            <numerusform>%n keys lost their expiry.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::app::MainWindow</name>
    <message numerus="yes">
        <source>▲ %n finding(s)</source>
        <translation>
            <numerusform>▲ %n finding</numerusform>
            <numerusform>▲ %n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::app::StatusLine</name>
    <message numerus="yes">
        <source>▲ %n finding(s)</source>
        <translation>
            <numerusform>▲ %n finding</numerusform>
            <numerusform>▲ %n findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::CounterFeed</name>
    <message numerus="yes">
        <source>%1: %2 → %3, %n attempt(s)</source>
        <translation>
            <numerusform>%1: %2 → %3, %n attempt</numerusform>
            <numerusform>%1: %2 → %3, %n attempts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 has %n hidden shard(s)</source>
        <translation>
            <numerusform>%1 has %n hidden shard</numerusform>
            <numerusform>%1 has %n hidden shards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>load started: %n writer(s)</source>
        <translation>
            <numerusform>load started: %n writer</numerusform>
            <numerusform>load started: %n writers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::CounterModel</name>
    <message numerus="yes">
        <source>sharded counter, %n shard(s)</source>
        <translation>
            <numerusform>sharded counter, %n shard</numerusform>
            <numerusform>sharded counter, %n shards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::KeyTreeModel</name>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::BulkDialog</name>
    <message numerus="yes">
        <source>%n shard(s)</source>
        <translation>
            <numerusform>%n shard</numerusform>
            <numerusform>%n shards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them not open yet: the job starts them</source>
        <translation>
            <numerusform>%n of them not open yet: the job starts it</numerusform>
            <numerusform>%n of them not open yet: the job starts them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) are gone already</source>
        <translation>
            <numerusform>%n key is gone already</numerusform>
            <numerusform>%n keys are gone already</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::BulkRunView</name>
    <message numerus="yes">
        <source>%n key(s) will be deleted.</source>
        <translation>
            <numerusform>%n key will be deleted.</numerusform>
            <numerusform>%n keys will be deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) will lose their expiry.</source>
        <translation>
            <numerusform>%n key will lose its expiry.</numerusform>
            <numerusform>%n keys will lose their expiry.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) will expire in %1.</source>
        <translation>
            <numerusform>%n key will expire in %1.</numerusform>
            <numerusform>%n keys will expire in %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) will be copied from %1 to %2.</source>
        <translation>
            <numerusform>%n key will be copied from %1 to %2.</numerusform>
            <numerusform>%n keys will be copied from %1 to %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) can be imported.</source>
        <translation>
            <numerusform>%n line can be imported.</numerusform>
            <numerusform>%n lines can be imported.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n key(s) will be put back as they were.</source>
        <translation>
            <numerusform>%n key will be put back as it was.</numerusform>
            <numerusform>%n keys will be put back as they were.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::ComparisonView</name>
    <message numerus="yes">
        <source>%n shard(s)</source>
        <translation>
            <numerusform>%n shard</numerusform>
            <numerusform>%n shards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::CounterDetail</name>
    <message numerus="yes">
        <source> · %n hidden</source>
        <translation>
            <numerusform> · %n hidden</numerusform>
            <numerusform> · %n hidden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::CounterInspector</name>
    <message numerus="yes">
        <source>sharded counter · %n shard(s)</source>
        <translation>
            <numerusform>sharded counter · %n shard</numerusform>
            <numerusform>sharded counter · %n shards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::CountersPage</name>
    <message numerus="yes">
        <source>%n known</source>
        <translation>
            <numerusform>%n known</numerusform>
            <numerusform>%n known</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::DiffView</name>
    <message numerus="yes">
        <source>… %n line(s) alike</source>
        <translation>
            <numerusform>… %n line alike</numerusform>
            <numerusform>… %n lines alike</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::ProbeDialog</name>
    <message numerus="yes">
        <source>%n known key(s)</source>
        <translation>
            <numerusform>%n known key</numerusform>
            <numerusform>%n known keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 on %n shard(s)</source>
        <translation>
            <numerusform>%1 on %n shard</numerusform>
            <numerusform>%1 on %n shards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of these shards is cold: reading opens it, which costs the server memory from then on.</source>
        <translation>
            <numerusform>%n of these shards is cold: reading opens it, which costs the server memory from then on.</numerusform>
            <numerusform>%n of these shards are cold: reading opens them, which costs the server memory from then on.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::ImportDialog</name>
    <message numerus="yes">
        <source>%n line(s) are of keys outside %1 and are left out.</source>
        <translation>
            <numerusform>%n line is of a key outside %1 and is left out.</numerusform>
            <numerusform>%n lines are of keys outside %1 and are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) name an expiry that is over.</source>
        <translation>
            <numerusform>%n line names an expiry that is over.</numerusform>
            <numerusform>%n lines name an expiry that is over.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n broken line(s): the rest can be imported</source>
        <translation>
            <numerusform>%n broken line: the rest can be imported</numerusform>
            <numerusform>%n broken lines: the rest can be imported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::JournalPanel</name>
    <message numerus="yes">
        <source>%n write(s) saved to %1.</source>
        <translation>
            <numerusform>%n write saved to %1.</numerusform>
            <numerusform>%n writes saved to %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) of the journal cannot be read</source>
        <translation>
            <numerusform>%n line of the journal cannot be read</numerusform>
            <numerusform>%n lines of the journal cannot be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::KeysPage</name>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Seconds until %n key(s) expire; 0 = no expiry</source>
        <translation>
            <numerusform>Seconds until %n key expires; 0 = no expiry</numerusform>
            <numerusform>Seconds until %n keys expire; 0 = no expiry</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::MergeDialog</name>
    <message numerus="yes">
        <source>%n shard(s) will be set to 0 and their counts added to shard 0, each by compare-and-set. The total stays %1.</source>
        <translation>
            <numerusform>%n shard will be set to 0 and its count added to shard 0, each by compare-and-set. The total stays %1.</numerusform>
            <numerusform>%n shards will be set to 0 and their counts added to shard 0, each by compare-and-set. The total stays %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::MergeView</name>
    <message numerus="yes">
        <source>… %n more line(s)</source>
        <translation>
            <numerusform>… %n more line</numerusform>
            <numerusform>… %n more lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n place(s)</source>
        <translation>
            <numerusform>%n place</numerusform>
            <numerusform>%n places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Both changed %n place(s): choose.</source>
        <translation>
            <numerusform>Both changed %n place: choose.</numerusform>
            <numerusform>Both changed %n places: choose.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::LeadersPage</name>
    <message numerus="yes">
        <source>%n election(s)</source>
        <translation>
            <numerusform>%n election</numerusform>
            <numerusform>%n elections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::OperationsPanel</name>
    <message numerus="yes">
        <source>paused · %n new</source>
        <translation>
            <numerusform>paused · %n new</numerusform>
            <numerusform>paused · %n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::RateLimitFeed</name>
    <message numerus="yes">
        <source>The request of %1 passes; %2 are left, reset in %3 (%n attempt(s)).</source>
        <translation>
            <numerusform>The request of %1 passes; %2 are left, reset in %3 (%n attempt).</numerusform>
            <numerusform>The request of %1 passes; %2 are left, reset in %3 (%n attempts).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::RateLimitsPage</name>
    <message numerus="yes">
        <source>%n identifier(s)</source>
        <translation>
            <numerusform>%n identifier</numerusform>
            <numerusform>%n identifiers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::SessionFeed</name>
    <message numerus="yes">
        <source>Session %1 ends in %2 now (%n attempt(s)).</source>
        <translation>
            <numerusform>Session %1 ends in %2 now (%n attempt).</numerusform>
            <numerusform>Session %1 ends in %2 now (%n attempts).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Session %1 has its new roles, and ends in %2 (%n attempt(s)).</source>
        <translation>
            <numerusform>Session %1 has its new roles, and ends in %2 (%n attempt).</numerusform>
            <numerusform>Session %1 has its new roles, and ends in %2 (%n attempts).</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n session(s) of %1 were destroyed; looking again in 5 s.</source>
        <translation>
            <numerusform>%n session of %1 was destroyed; looking again in 5 s.</numerusform>
            <numerusform>%n sessions of %1 were destroyed; looking again in 5 s.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>5 s later all %n session(s) of %1 are still gone.</source>
        <translation>
            <numerusform>5 s later the session of %1 is still gone.</numerusform>
            <numerusform>5 s later all %n sessions of %1 are still gone.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Probe %n session(s)</source>
        <translation>
            <numerusform>Probe %n session</numerusform>
            <numerusform>Probe %n sessions</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::SessionsPage</name>
    <message numerus="yes">
        <source>%n session(s)</source>
        <translation>
            <numerusform>%n session</numerusform>
            <numerusform>%n sessions</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> · %n with something wrong</source>
        <translation>
            <numerusform> · %n with something wrong</numerusform>
            <numerusform> · %n with something wrong</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Destroy %n session(s) of %1? They are looked at again after 5 s.</source>
        <translation>
            <numerusform>Destroy the session of %1? It is looked at again after 5 s.</numerusform>
            <numerusform>Destroy %n sessions of %1? They are looked at again after 5 s.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Destroy %n</source>
        <translation>
            <numerusform>Destroy it</numerusform>
            <numerusform>Destroy %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n crowded user(s)</source>
        <translation>
            <numerusform>%n crowded user</numerusform>
            <numerusform>%n crowded users</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::TenantInspector</name>
    <message numerus="yes">
        <source>%n key(s) could also be of tenant %1.</source>
        <translation>
            <numerusform>%n key could also be of tenant %1.</numerusform>
            <numerusform>%n keys could also be of tenant %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::TenantsPage</name>
    <message numerus="yes">
        <source>%n known</source>
        <translation>
            <numerusform>%n known</numerusform>
            <numerusform>%n known</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::InventoryPage</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: reserved %2 → %3. %n unit(s) belong to no reservation and become available again.</source>
        <translation>
            <numerusform>%1: reserved %2 → %3. %n unit belongs to no reservation and becomes available again.</numerusform>
            <numerusform>%1: reserved %2 → %3. %n units belong to no reservation and become available again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Give back %1 units in %n SKU(s): %2%3</source>
        <translation>
            <numerusform>Give back %1 units in %n SKU: %2%3</numerusform>
            <numerusform>Give back %1 units in %n SKUs: %2%3</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> · %n reservation(s)</source>
        <translation>
            <numerusform> · %n reservation</numerusform>
            <numerusform> · %n reservations</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::StockInspector</name>
    <message numerus="yes">
        <source>%n unit(s) leaked; not growing since this connection was opened.</source>
        <translation>
            <numerusform>%n unit leaked; not growing since this connection was opened.</numerusform>
            <numerusform>%n units leaked; not growing since this connection was opened.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::StockFeed</name>
    <message numerus="yes">
        <source>Item %1 was created with %n unit(s).</source>
        <translation>
            <numerusform>Item %1 was created with %n unit.</numerusform>
            <numerusform>Item %1 was created with %n units.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reserve %n unit(s) of %1</source>
        <translation>
            <numerusform>Reserve %n unit of %1</numerusform>
            <numerusform>Reserve %n units of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sold %n unit(s) of %1.</source>
        <translation>
            <numerusform>Sold %n unit of %1.</numerusform>
            <numerusform>Sold %n units of %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unit(s) of %1 are free again.</source>
        <translation>
            <numerusform>%n unit of %1 is free again.</numerusform>
            <numerusform>%n units of %1 are free again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 has %n unit(s) in stock now.</source>
        <translation>
            <numerusform>%1 has %n unit in stock now.</numerusform>
            <numerusform>%1 has %n units in stock now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reconcile %n SKU(s)</source>
        <translation>
            <numerusform>Reconcile %n SKU</numerusform>
            <numerusform>Reconcile %n SKUs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 leaked units were given back in %n SKU(s), and read back.</source>
        <translation>
            <numerusform>%1 leaked units were given back in %n SKU, and read back.</numerusform>
            <numerusform>%1 leaked units were given back in %n SKUs, and read back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::FindingsPanel</name>
    <message numerus="yes">
        <source>Audited at %1, %2. %n finding(s).</source>
        <translation>
            <numerusform>Audited at %1, %2. %n finding.</numerusform>
            <numerusform>Audited at %1, %2. %n findings.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rule(s) not judged…</source>
        <translation>
            <numerusform>%n rule not judged…</numerusform>
            <numerusform>%n rules not judged…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This server cannot list its keys. Reading the %1 known ones touches %n shard(s); those that are cold are opened.</source>
        <translation>
            <numerusform>This server cannot list its keys. Reading the %1 known ones touches %n shard; those that are cold are opened.</numerusform>
            <numerusform>This server cannot list its keys. Reading the %1 known ones touches %n shards; those that are cold are opened.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::RateLimitsPage</name>
    <message numerus="yes">
        <source>%n identifier(s)</source>
        <translation>
            <numerusform>%n identifier</numerusform>
            <numerusform>%n identifiers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::models::RateLimitFeed</name>
    <message numerus="yes">
        <source>The request of %1 passes; %2 are left, reset in %3 (%n attempt(s)).</source>
        <translation>
            <numerusform>The request of %1 passes; %2 are left, reset in %3 (%n attempt).</numerusform>
            <numerusform>The request of %1 passes; %2 are left, reset in %3 (%n attempts).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::CachePage</name>
    <message numerus="yes">
        <source>%n entry(s)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::AppendRaceBox</name>
    <message numerus="yes">
        <source>%n event(s) that an appender believes stored are gone.</source>
        <translation>
            <numerusform>%n event that an appender believes stored is gone.</numerusform>
            <numerusform>%n events that an appender believes stored are gone.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::EventLanes</name>
    <message numerus="yes">
        <source>%n lane(s), one for each aggregate.</source>
        <translation>
            <numerusform>%n lane, one for each aggregate.</numerusform>
            <numerusform>%n lanes, one for each aggregate.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 has %n event(s).</source>
        <translation>
            <numerusform>%1 has %n event.</numerusform>
            <numerusform>%1 has %n events.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::EventsPage</name>
    <message numerus="yes">
        <source>%n aggregate(s)</source>
        <translation>
            <numerusform>%n aggregate</numerusform>
            <numerusform>%n aggregates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> · %n with something wrong</source>
        <translation>
            <numerusform> · %n with something wrong</numerusform>
            <numerusform> · %n with something wrong</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s)</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n event(s) in the range</source>
        <translation>
            <numerusform>%n event in the range</numerusform>
            <numerusform>%n events in the range</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::ShardInspector</name>
    <message numerus="yes">
        <source>%n key(s)</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known key(s); there may be more</source>
        <translation>
            <numerusform>%n known key; there may be more</numerusform>
            <numerusform>%n known keys; there may be more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::DropIndexForm</name>
    <message numerus="yes">
        <source>This drops the index %1 and its %n vector(s). Texts stored beside them stay. It cannot be undone. Type its name to confirm:</source>
        <translation>
            <numerusform>This drops the index %1 and its %n vector. Texts stored beside them stay. It cannot be undone. Type its name to confirm:</numerusform>
            <numerusform>This drops the index %1 and its %n vectors. Texts stored beside them stay. It cannot be undone. Type its name to confirm:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::DuplicateReview</name>
    <message numerus="yes">
        <source> Of %n pair(s) you judged above the threshold </source>
        <translation>
            <numerusform> Of %n pair you judged above the threshold </numerusform>
            <numerusform> Of %n pairs you judged above the threshold </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::DuplicatesPane</name>
    <message numerus="yes">
        <source>%n pair(s)</source>
        <translation>
            <numerusform>%n pair</numerusform>
            <numerusform>%n pairs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n group(s)</source>
        <translation>
            <numerusform>%n group</numerusform>
            <numerusform>%n groups</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::RecommendPane</name>
    <message numerus="yes">
        <source>%n hit(s) have no metadata.</source>
        <translation>
            <numerusform>%n hit has no metadata.</numerusform>
            <numerusform>%n hits have no metadata.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::plots::VectorMap</name>
    <message numerus="yes">
        <source>%n point(s)</source>
        <translation>
            <numerusform>%n point</numerusform>
            <numerusform>%n points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> in %n group(s)</source>
        <translation>
            <numerusform> in %n group</numerusform>
            <numerusform> in %n groups</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; the query with %n result(s)</source>
        <translation>
            <numerusform>; the query with %n result</numerusform>
            <numerusform>; the query with %n results</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::VectorMapCard</name>
    <message numerus="yes">
        <source>%n vector(s)</source>
        <translation>
            <numerusform>%n vector</numerusform>
            <numerusform>%n vectors</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::VectorOrphans</name>
    <message numerus="yes">
        <source>%n vector(s) have no metadata: the pattern&apos;s code leaves them out of every answer.</source>
        <translation>
            <numerusform>%n vector has no metadata: the pattern&apos;s code leaves it out of every answer.</numerusform>
            <numerusform>%n vectors have no metadata: the pattern&apos;s code leaves them out of every answer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n metadata record(s) have no vector: they are never found.</source>
        <translation>
            <numerusform>%n metadata record has no vector: it is never found.</numerusform>
            <numerusform>%n metadata records have no vector: they are never found.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>norikv::widgets::VectorsPage</name>
    <message numerus="yes">
        <source>Delete %n vector(s) and their metadata? They can be put back.</source>
        <translation>
            <numerusform>Delete %n vector and its metadata? It can be put back.</numerusform>
            <numerusform>Delete %n vectors and their metadata? They can be put back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n index(es)</source>
        <translation>
            <numerusform>%n index</numerusform>
            <numerusform>%n indexes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VectorWords</name>
    <message numerus="yes">
        <source>%n vector(s)</source>
        <translation>
            <numerusform>%n vector</numerusform>
            <numerusform>%n vectors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n true neighbour(s) missed</source>
        <translation>
            <numerusform>%n true neighbour missed</numerusform>
            <numerusform>%n true neighbours missed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hit(s) have no metadata</source>
        <translation>
            <numerusform>%n hit has no metadata</numerusform>
            <numerusform>%n hits have no metadata</numerusform>
        </translation>
    </message>
</context>
</TS>
