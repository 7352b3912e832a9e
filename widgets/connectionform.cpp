// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/connectionform.h"

#include "widgets/addressfields.h"
#include "widgets/colourswatches.h"
#include "widgets/declaredtimes.h"
#include "widgets/fieldhint.h"
#include "widgets/icons.h"
#include "widgets/pairtable.h"
#include "widgets/pathfield.h"
#include "widgets/plaintext.h"

#include "client/bytes.h"
#include "client/target.h"
#include "models/profilesmodel.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace norikv::widgets {

namespace {

enum Tab { ConnectionTab, LimitsTab, MapTab, CountersTab, TimesTab, TlsTab };

constexpr int maxShards = 65536;
constexpr std::uint64_t mebibyte = 1024 * 1024;

QString text(const std::string& bytes) { return QString::fromStdString(bytes); }

std::string trimmed(const QLineEdit& edit) { return edit.text().trimmed().toStdString(); }

/// Label over field over hint; Alt and the marked letter go to the field.
QVBoxLayout* field(const QString& label, QWidget* widget, QWidget* hint = nullptr)
{
    auto* name = makeLabel(label);
    name->setBuddy(widget);
    widget->setAccessibleName(QString(label).remove(u'&'));
    auto* column = new QVBoxLayout;
    column->setSpacing(4);
    column->addWidget(name);
    column->addWidget(widget);
    if (hint)
        column->addWidget(hint);
    return column;
}

/// A page that scrolls when the window is low, and whose column never grows too wide to read.
QWidget* page(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    content->setAutoFillBackground(false); // the dialog shines through
    return area;
}

QVBoxLayout* columnOf(QWidget* content)
{
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    return column;
}

QSpinBox* spin(int least, int most, const QString& suffix = {})
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setSuffix(suffix);
    box->setGroupSeparatorShown(true);
    box->setMaximumWidth(160);
    return box;
}

QString addressIn(const QString& typed)
{
    const auto parsed = client::parseSeeds(typed.toStdString());
    return parsed && parsed->size() == 1 ? text(parsed->front()) : QString();
}

} // namespace

ConnectionForm::ConnectionForm(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_tabs(new QTabWidget)
{
    m_tabs->addTab(connectionTab(), tr("Connection"));
    m_tabs->addTab(limitsTab(), tr("Limits"));
    m_tabs->addTab(mapTab(), tr("Address map"));
    m_tabs->addTab(countersTab(), tr("Counters"));
    m_declared = new DeclaredTimes(theme);
    m_tabs->addTab(m_declared, tr("Times"));
    m_tabs->addTab(tlsTab(), tr("TLS"));
    m_tabs->setDocumentMode(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tabs);

    for (QLineEdit* edit :
        {m_name, m_serverName, static_cast<QLineEdit*>(m_caFile), static_cast<QLineEdit*>(m_certFile),
            static_cast<QLineEdit*>(m_keyFile), static_cast<QLineEdit*>(m_tokenFile)})
        connect(edit, &QLineEdit::textChanged, this, &ConnectionForm::change);
    connect(m_folder, &QComboBox::editTextChanged, this, &ConnectionForm::change);
    connect(m_environment, &QComboBox::editTextChanged, this, [this](const QString& name) {
        followEnvironment(name);
        change();
    });
    connect(m_colour, &ColourSwatches::colourChosen, this, &ConnectionForm::change);
    connect(m_addresses, &AddressFields::edited, this, [this] {
        followAddress();
        change();
    });
    connect(m_guard, &QButtonGroup::idClicked, this, [this] {
        m_guardFollows = false;
        change();
    });
    connect(m_plainTextAccepted, &QCheckBox::toggled, this, &ConnectionForm::change);
    for (QSpinBox* box : {m_shards, m_timeout, m_messageSize})
        connect(box, &QSpinBox::valueChanged, this, &ConnectionForm::change);
    connect(m_map, &PairTable::edited, this, &ConnectionForm::change);
    connect(m_counters, &PairTable::edited, this, &ConnectionForm::change);
    connect(m_declared, &DeclaredTimes::edited, this, &ConnectionForm::change);
    connect(&theme, &Theme::changed, this, &ConnectionForm::check);
    setProfile({}, true);
}

QWidget* ConnectionForm::connectionTab()
{
    m_name = new QLineEdit;
    m_name->setObjectName(u"name"_s);
    m_name->setPlaceholderText(tr("prod-eu"));
    m_folder = new QComboBox;
    m_environment = new QComboBox;
    for (QComboBox* box : {m_folder, m_environment}) {
        box->setEditable(true);
        box->setInsertPolicy(QComboBox::NoInsert);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
    }
    m_folder->setObjectName(u"folder"_s);
    m_environment->setObjectName(u"environment"_s);
    m_environment->addItems({tr("local"), tr("development"), tr("staging"), tr("production")});
    m_folder->lineEdit()->setPlaceholderText(tr("no folder"));
    m_environment->lineEdit()->setPlaceholderText(tr("not said"));
    m_colour = new ColourSwatches(m_theme);
    m_addresses = new AddressFields(m_theme);

    auto* content = new QWidget;
    auto* column = columnOf(content);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(12);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    grid->addLayout(field(tr("&Name"), m_name), 0, 0);
    grid->addLayout(field(tr("&Folder"), m_folder), 0, 1);
    grid->addLayout(field(tr("&Environment"), m_environment), 1, 0);
    grid->addLayout(field(tr("Colour in the top bar"), m_colour), 1, 1);
    column->addLayout(grid);
    column->addWidget(m_addresses);
    column->addWidget(guardBox());
    column->addWidget(plainTextBox());
    column->addStretch();
    return page(content);
}

QWidget* ConnectionForm::guardBox()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(makeLabel(tr("Writing")));
    m_guard = new QButtonGroup(this);
    auto* line = new QHBoxLayout;
    line->setSpacing(16);
    const auto add = [&](client::GuardMode mode, const QString& name, const QString& id) {
        auto* button = new QRadioButton(name);
        button->setObjectName(id);
        m_guard->addButton(button, int(mode));
        line->addWidget(button);
    };
    add(client::GuardMode::Normal, tr("Norma&l"), u"guardNormal"_s);
    add(client::GuardMode::Confirm, tr("Confirm each &write"), u"guardConfirm"_s);
    add(client::GuardMode::ReadOnly, tr("&Read-only"), u"guardReadOnly"_s);
    line->addStretch();
    column->addLayout(line);
    m_guardHint = new FieldHint(m_theme);
    column->addWidget(m_guardHint);
    return box;
}

QWidget* ConnectionForm::plainTextBox()
{
    m_plainText = new QWidget;
    auto* line = new QHBoxLayout(m_plainText);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* icon = makeLabel(QString());
    const auto paint = [this, icon] {
        icon->setPixmap(
            iconPixmap(u"unlock"_s, m_theme.tokens().warning.text, 18, icon->devicePixelRatioF()));
    };
    paint();
    connect(&m_theme, &Theme::changed, icon, paint);
    m_plainTextAccepted = new QCheckBox(tr("Send keys and values over the network as &plain text"));
    m_plainTextAccepted->setObjectName(u"plainTextAccepted"_s);
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_plainTextAccepted);
    words->addWidget(new FieldHint(m_theme,
        tr("NoriKV has no TLS: anyone on the way can read along. Asked once; the connection stays marked.")));
    line->addWidget(icon, 0, Qt::AlignTop);
    line->addLayout(words, 1);
    return m_plainText;
}

QWidget* ConnectionForm::limitsTab()
{
    m_shards = spin(1, maxShards);
    m_timeout = spin(100, 600'000, tr(" ms"));
    m_timeout->setSingleStep(500);
    m_messageSize = spin(1, 1024, tr(" MB"));
    auto* content = new QWidget;
    auto* column = columnOf(content);
    column->addLayout(field(tr("&Shards of the deployment"), m_shards,
        new FieldHint(m_theme,
            tr("Must equal the server's number, else keys are sought on the wrong node. It cannot be asked "
               "for "
               "over gRPC; /health on the HTTP port tells it."))));
    column->addLayout(field(tr("&Timeout of one call"), m_timeout));
    column->addLayout(field(tr("Largest &message"), m_messageSize,
        new FieldHint(m_theme, tr("A value is at most 1 MB; long vector results can be larger."))));
    column->addStretch();
    return page(content);
}

QWidget* ConnectionForm::mapTab()
{
    m_map = new PairTable(tr("address a node tells"), tr("address that is dialled"));
    m_map->setObjectName(u"addressMap"_s);
    m_mapHint = new FieldHint(m_theme);
    auto* content = new QWidget;
    auto* column = columnOf(content);
    column->addWidget(new FieldHint(m_theme,
        tr("Nodes behind a tunnel or a proxy tell addresses that cannot be reached from here. Name the way "
           "to "
           "each; without an entry only the addresses of the first page are dialled.")));
    column->addWidget(m_map, 1);
    column->addWidget(m_mapHint);
    return content;
}

QWidget* ConnectionForm::countersTab()
{
    m_counters = new PairTable(tr("counter"), tr("shards, if it is sharded"));
    m_counters->setObjectName(u"counters"_s);
    m_countersHint = new FieldHint(m_theme);
    auto* content = new QWidget;
    auto* column = columnOf(content);
    column->addWidget(new FieldHint(m_theme,
        tr("A server that cannot list its keys needs to be told which counters to follow, such as page:views "
           "with 20 shards.")));
    column->addWidget(m_counters, 1);
    column->addWidget(m_countersHint);
    return content;
}

QWidget* ConnectionForm::tlsTab()
{
    m_caFile = new PathField(m_theme, tr("Certificates to trust"));
    m_certFile = new PathField(m_theme, tr("Client certificate"));
    m_keyFile = new PathField(m_theme, tr("Key of the client certificate"));
    m_tokenFile = new PathField(m_theme, tr("File with a bearer token"));
    m_caFile->setObjectName(u"tlsCa"_s);
    m_tokenFile->setObjectName(u"tlsToken"_s);
    m_serverName = new QLineEdit;
    m_serverName->setPlaceholderText(tr("as in the address"));
    m_tlsHint = new FieldHint(m_theme);
    auto* content = new QWidget;
    auto* column = columnOf(content);
    column->addWidget(new FieldHint(m_theme,
        tr("NoriKV itself speaks plain text; a proxy in front may not. Leave all empty for plain text.")));
    column->addLayout(field(tr("Certificates to &trust (CA)"), m_caFile));
    column->addLayout(field(tr("Client &certificate"), m_certFile));
    column->addLayout(field(tr("Its &key"), m_keyFile));
    column->addLayout(field(tr("Server &name in the certificate"), m_serverName));
    column->addLayout(field(tr("Bearer t&oken, in a file"), m_tokenFile,
        new FieldHint(m_theme, tr("Only the path is saved. Sent over TLS only."))));
    column->addWidget(m_tlsHint);
    column->addStretch();
    return page(content);
}

void ConnectionForm::setProfile(const client::Profile& profile, bool isNew)
{
    m_loading = true;
    const bool another = profile.id != m_profile.id;
    m_profile = profile;
    m_isNew = isNew;
    m_guardFollows = profile.guard == models::defaultGuard(profile.seeds);
    m_environmentBefore = text(profile.environment);
    m_name->setText(text(profile.name));
    m_folder->setEditText(text(profile.folder));
    m_environment->setEditText(text(profile.environment));
    m_colour->setColour(text(profile.colour));
    m_addresses->setAddresses(profile.seeds, profile.httpAddresses);
    m_guard->button(int(profile.guard))->setChecked(true);
    m_plainTextAccepted->setChecked(profile.plainTextAccepted);
    m_shards->setValue(int(profile.totalShards));
    m_timeout->setValue(int(profile.timeout.count()));
    m_messageSize->setValue(int(profile.maxMessageBytes / mebibyte));
    PairTable::Pairs pairs;
    for (const auto& [advertised, reachable] : profile.addressMap)
        pairs.emplace_back(text(advertised), text(reachable));
    m_map->setPairs(pairs);
    pairs.clear();
    for (const std::string& name : profile.counters) {
        const auto shards = profile.counterShards.find(name);
        pairs.emplace_back(text(client::printable(name)),
            shards == profile.counterShards.end() ? QString() : QString::number(shards->second));
    }
    m_counters->setPairs(pairs);
    m_declared->show(profile);
    m_caFile->setText(text(profile.tls.caFile));
    m_certFile->setText(text(profile.tls.certFile));
    m_keyFile->setText(text(profile.tls.keyFile));
    m_serverName->setText(text(profile.tls.serverName));
    m_tokenFile->setText(text(profile.tls.tokenFile));
    if (another)
        m_tabs->setCurrentIndex(ConnectionTab);
    m_loading = false;
    check();
}

client::Profile ConnectionForm::profile() const
{
    client::Profile p = m_profile;
    p.name = trimmed(*m_name);
    p.folder = m_folder->currentText().trimmed().toStdString();
    p.environment = m_environment->currentText().trimmed().toStdString();
    p.colour = m_colour->colour().toStdString();
    p.seeds = m_addresses->seeds();
    p.httpAddresses = m_addresses->httpAddresses();
    p.guard = client::GuardMode(m_guard->checkedId());
    p.plainTextAccepted = m_plainTextAccepted->isChecked();
    p.totalShards = std::uint32_t(m_shards->value());
    p.timeout = std::chrono::milliseconds(m_timeout->value());
    // A size between two whole MiB stays until somebody turns the box.
    if (int(p.maxMessageBytes / mebibyte) != m_messageSize->value())
        p.maxMessageBytes = std::uint64_t(m_messageSize->value()) * mebibyte;
    p.addressMap.clear();
    for (const auto& [advertised, reachable] : m_map->pairs()) {
        const QString address = addressIn(reachable);
        p.addressMap[advertised.toStdString()] = (address.isEmpty() ? reachable : address).toStdString();
    }
    // Numbers declared for counters that the table does not list are kept.
    for (const std::string& name : m_profile.counters)
        p.counterShards.erase(name);
    p.counters.clear();
    for (const auto& [name, shards] : m_counters->pairs()) {
        const std::string bytes = client::fromPrintable(name.toStdString()).value_or(name.toStdString());
        p.counters.push_back(bytes);
        if (const uint number = shards.toUInt(); number > 0)
            p.counterShards[bytes] = number;
    }
    m_declared->apply(p);
    p.tls = tls();
    return p;
}

client::TlsSettings ConnectionForm::tls() const
{
    return {trimmed(*m_caFile), trimmed(*m_certFile), trimmed(*m_keyFile), trimmed(*m_serverName),
        trimmed(*m_tokenFile)};
}

void ConnectionForm::setFolder(const QString& folder)
{
    m_loading = true;
    m_profile.folder = folder.toStdString();
    m_folder->setEditText(folder);
    m_loading = false;
}

void ConnectionForm::setFolders(const QStringList& folders)
{
    const QSignalBlocker quiet(m_folder);
    const QString typed = m_folder->currentText();
    m_folder->clear();
    m_folder->addItems(folders);
    m_folder->setEditText(typed);
}

void ConnectionForm::focusName()
{
    m_tabs->setCurrentIndex(ConnectionTab);
    m_name->setFocus(Qt::OtherFocusReason);
    m_name->selectAll();
}

void ConnectionForm::change()
{
    if (m_loading)
        return;
    check();
    Q_EMIT edited();
}

/// A server beyond this machine starts read-only; an address on this machine frees only a profile that was
/// never saved.
void ConnectionForm::followAddress()
{
    if (!m_guardFollows || !m_addresses->isValid())
        return;
    const client::GuardMode wanted = models::defaultGuard(m_addresses->seeds());
    if (m_isNew || wanted == client::GuardMode::ReadOnly)
        m_guard->button(int(wanted))->setChecked(true);
}

void ConnectionForm::followEnvironment(const QString& environment)
{
    if (m_loading)
        return;
    const QString colour = m_colour->colour();
    if (colour.isEmpty() || colour == ColourSwatches::suggestedFor(m_environmentBefore))
        m_colour->setColour(ColourSwatches::suggestedFor(environment));
    m_environmentBefore = environment;
}

bool ConnectionForm::needsConsent() const
{
    return m_addresses->isValid() && !client::isLoopback(m_addresses->seeds()) && !tls().enabled();
}

void ConnectionForm::check()
{
    m_plainText->setVisible(needsConsent());

    const bool away = m_addresses->isValid() && !client::isLoopback(m_addresses->seeds());
    switch (client::GuardMode(m_guard->checkedId())) {
    case client::GuardMode::Normal:
        m_guardHint->setHint(away ? tr("Writes go straight to a server beyond this computer.")
                                  : tr("Writes are sent as you make them."));
        break;
    case client::GuardMode::Confirm:
        m_guardHint->setHint(tr("Each write shows what it would do and waits for your word."));
        break;
    case client::GuardMode::ReadOnly:
        m_guardHint->setHint(tr("Nothing can be written until you change the mode in the top bar."));
        break;
    }

    QString map;
    for (const auto& [advertised, reachable] : m_map->pairs()) {
        if (advertised.isEmpty())
            map = tr("One row does not say which address the node tells.");
        else if (addressIn(reachable).isEmpty())
            map = tr("\"%1\" is no address to dial. Write host:port.").arg(reachable);
    }
    m_mapHint->setProblem(map);

    QString counters;
    for (const auto& [name, shards] : m_counters->pairs()) {
        const auto bytes = client::fromPrintable(name.toStdString());
        bool isNumber = false;
        const uint number = shards.toUInt(&isNumber);
        if (!bytes || bytes->empty() || bytes->size() > client::MaxKeyBytes)
            counters = tr("\"%1\" is no key: write 1 to 1024 bytes, a backslash as \\\\.").arg(name);
        else if (!shards.isEmpty() && (!isNumber || number < 1 || number > uint(maxShards)))
            counters = tr("\"%1\" is no number of shards from 1 to 65536.").arg(shards);
    }
    m_countersHint->setProblem(counters);

    const client::TlsSettings files = tls();
    QString tlsProblem;
    if (files.certFile.empty() != files.keyFile.empty())
        tlsProblem = tr("A client certificate and its key belong together.");
    else if (!files.tokenFile.empty() && !files.enabled())
        tlsProblem = tr("A token is sent over TLS only: name the certificates to trust.");
    m_tlsHint->setProblem(tlsProblem);
    m_timesWrong = !m_declared->check().isEmpty();

    markTab(ConnectionTab, !m_addresses->isValid() && !m_addresses->edit()->text().trimmed().isEmpty());
    markTab(MapTab, !map.isEmpty());
    markTab(CountersTab, !counters.isEmpty());
    markTab(TimesTab, m_timesWrong);
    markTab(TlsTab, !tlsProblem.isEmpty());
}

void ConnectionForm::markTab(int tab, bool wrong)
{
    m_tabs->setTabIcon(tab, wrong ? icon(u"error"_s, m_theme.tokens().danger.text) : QIcon());
}

QString ConnectionForm::problem() const
{
    if (trimmed(*m_name).empty())
        return tr("Give the connection a name.");
    if (m_addresses->edit()->text().trimmed().isEmpty())
        return m_addresses->problem();
    const bool wrong = !m_addresses->isValid() || !m_mapHint->problem().isEmpty()
        || !m_countersHint->problem().isEmpty() || m_timesWrong || !m_tlsHint->problem().isEmpty();
    return wrong ? tr("Correct what is marked first.") : QString();
}

QString ConnectionForm::consentMissing() const
{
    return needsConsent() && !m_plainTextAccepted->isChecked()
        ? tr("Agree to plain text first, or set up TLS.")
        : QString();
}

} // namespace norikv::widgets
