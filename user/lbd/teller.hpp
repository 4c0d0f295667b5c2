// SPDX-License-Identifier: GPL-2.0
// Who hears of what becomes of the servers: the log, scripts, FIFOs and mail, as configured.
#pragma once

#include "../base/log.hpp"
#include "../health/certificates.hpp"
#include "../notify/fifo.hpp"
#include "../notify/mail.hpp"
#include "../notify/names.hpp"
#include "../notify/scripts.hpp"
#include "../pool/pool.hpp"
#include "outside.hpp"

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace lb::lbd {

class Teller {
public:
    Teller(const boost::asio::any_io_executor &executor, const config::Globals &globals,
           std::shared_ptr<const Outside> outside, Log log);

    // After a reload that left the globals as they were.
    void follow(std::shared_ptr<const Outside> outside) { outside_ = std::move(outside); }

    void tell(const pool::Pool &pool, const pool::News &news, const std::string &why);
    // A server has shown a certificate. -> what was told of it, if it was to be told
    std::optional<std::string> tellCertificate(const health::Job &job,
                                               health::Certificates::Time ends);
    // What @other has told of certificates is not told again.
    void remember(const Teller &other) { certificates_ = other.certificates_; }
    // The state of all of it, as if it had just come to be: rs_init_notifies.
    void tellStart(const pool::Pool &pool);
    // Nothing of it is up any more: omega.
    void tellEnd(const pool::Pool &pool);

private:
    std::unique_ptr<notify::Fifo> open(const boost::asio::any_io_executor &executor,
                                       const config::Fifo &fifo);
    void log(const pool::Pool &pool, const pool::News &news, const std::string &why) const;
    void tellServer(const pool::Pool &pool, std::size_t server, notify::State state,
                    const std::string &why);
    void tellQuorum(const pool::Pool &pool, notify::State state);
    void write(const std::string &line);
    void run(const std::string &thing, const config::Script &script);
    [[nodiscard]] bool mails(const std::optional<bool> &own) const;

    std::shared_ptr<const Outside> outside_;
    Log log_;
    std::string routerId_;
    std::optional<bool> mailByDefault_;
    std::unique_ptr<notify::Fifo> fifo_;
    std::unique_ptr<notify::Fifo> lvsFifo_;
    notify::Scripts scripts_;
    notify::Mail mail_;
    health::Certificates certificates_{};
};

} // namespace lb::lbd
