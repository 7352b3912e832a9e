// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/dispatcher.h"
#include "models/draft.h"
#include "models/valuelayout.h"

#include "client/decode/json.h"

#include <QObject>

#include <map>
#include <memory>
#include <optional>

namespace norikv::models {

/// A JSON document with the bytes its nodes point into.
struct JsonTree {
    std::shared_ptr<const client::Decoded> decoded;
    client::JsonDocument document;
    std::string_view text() const { return decoded->bytes; }
};

/// A value made ready for one view. What a view does not need is not made.
struct Presentation {
    std::shared_ptr<const client::Decoded> decoded; ///< null until the first value is ready
    ViewMode mode = ViewMode::Text;
    ValueLayout layout; ///< of Text, Json and Hex; of a Tree that could not be made, the text
    std::shared_ptr<const JsonTree> tree; ///< of Tree
    NotEditable notEditable = NotEditable::Editable;
    Draft draft; ///< where editable
};

/// What goes to the clipboard: what is inside the layers as text, as JSON (a string where it is none), or the
/// stored bytes as hex.
enum class CopyAs { Value, Json, Hex };

/// Takes the layers off a value and lays it out, on a worker; the newest request wins. Which layers come off,
/// and as what the rest is read, is found out unless a person says so; that choice holds for all keys of a
/// prefix (up to the last colon) as long as the program runs. Lives on the GUI thread.
class ValuePresenter final : public QObject {
    Q_OBJECT
public:
    explicit ValuePresenter(Dispatcher& dispatcher, QObject* parent = nullptr);

    void present(const client::Bytes& key, const client::Bytes& value);
    void clear();

    const Presentation& now() const { return m_now; }
    ViewMode mode() const { return m_mode; }
    /// A person's choice; another key decides for itself again.
    void setMode(ViewMode mode);

    /// How many bytes fit beside each other: 8 or 16.
    void setHexColumns(std::size_t columns);

    bool chosen() const; ///< a person chose layers or form for keys like this one
    /// Empty = find out.
    void setChain(std::optional<std::vector<client::WrapStep>> chain);
    void setForm(std::optional<client::ValueForm> form);
    /// Back to finding out both.
    void setAutomatic();
    const client::DecodeWish& wish() const;

    /// Makes the text on a worker; copyReady() hands it over.
    void copy(CopyAs what);

Q_SIGNALS:
    void presented();
    void copyReady(norikv::models::CopyAs what, const QString& text);

private:
    void work(std::shared_ptr<const client::Decoded> decoded = {});

    Dispatcher& m_dispatcher;
    client::Bytes m_key;
    std::shared_ptr<const client::Bytes> m_value;
    ViewMode m_mode = ViewMode::Text;
    bool m_modeChosen = false;
    std::size_t m_hexColumns = 16;
    std::map<client::Bytes, client::DecodeWish> m_wishes; ///< by prefix
    Presentation m_now;
    bool m_presented = false; ///< m_now belongs to m_value
    Job m_job;
    Job m_copyJob;
};

/// The view that suits a form best.
ViewMode viewFor(client::ValueForm form);
/// Lines of decoded bytes for Text: MessagePack and Protobuf in words.
ValueLayout layoutDecoded(
    const client::Decoded& decoded, ViewMode mode, std::size_t hexColumns, const std::stop_token& stop);
/// What a form looks like as text to compare or to copy: JSON indented, MessagePack and Protobuf in words,
/// binary as hex.
client::Bytes readableText(const client::Decoded& decoded, const std::stop_token& stop);

} // namespace norikv::models
