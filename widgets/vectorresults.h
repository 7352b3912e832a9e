// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include <string>
#include <vector>

namespace norikv::widgets {

class Theme;
class VectorResultModel;

/// One line of a result list, in words.
struct VectorResultLine {
    std::string id;
    QString rank; ///< a dash for a missed one
    QString what; ///< its title, or its id where it has none
    QString idText; ///< behind the title; empty where `what` is the id
    QString score;
    QString found; ///< rank in what the server gave
    QString exact; ///< rank among all that is known
    QString tip; ///< plain text
    bool missed = false;
};

/// The result table of every task. Enter or a double click asks for what is near the line; Del asks to delete
/// it; a line can be dragged to Like and Dislike. Right-click or the menu key offers the same.
class VectorResults : public QTableView {
    Q_OBJECT

public:
    enum Column { Rank, What, Score, Found, Exact, Columns };
    /// Of a dragged line: its id.
    static QString mimeType() { return QStringLiteral("application/x-norikv-vector-id"); }

    /// theme must outlive the table.
    explicit VectorResults(const Theme& theme, QWidget* parent = nullptr);

    /// `score` and `scoreTip` head the column of scores; keeps the current id where it is still there.
    void setLines(std::vector<VectorResultLine> lines, const QString& score, const QString& scoreTip);
    /// Columns that mean nothing in a list that was not searched for.
    void setTruthShown(bool shown);
    void setReadOnly(bool readOnly) { m_readOnly = readOnly; }
    const std::vector<VectorResultLine>& lines() const;
    /// The id under the keyboard; empty = none.
    std::string currentId() const;
    void setCurrentId(const std::string& id);

Q_SIGNALS:
    void currentIdChanged(const std::string& id);
    void similarRequested(const std::string& id); ///< search with its vector
    void storedRequested(const std::string& id); ///< show what is stored beside it
    void deleteRequested(const std::string& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    VectorResultModel* m_model;
    bool m_readOnly = false;
    bool m_quiet = false; ///< while a new list takes the old one's place
};

} // namespace norikv::widgets
