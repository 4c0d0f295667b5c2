// SPDX-License-Identifier: GPL-2.0
// A certificate signed by nobody but itself, until 2040-01-02 03:04:05, and a server of TLS with it.
#pragma once

#include "health_loop.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace lb::health {

template <auto release>
struct Release {
    template <typename T>
    void operator()(T *what) const
    {
        release(what);
    }
};

inline std::shared_ptr<asio::ssl::context> selfSigned()
{
    const std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, Release<X509_free>> certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), "20200101000000Z");
    ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), "20400102030405Z");
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char *>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_sign(certificate.get(), key.get(), EVP_sha256());

    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX_use_certificate(context->native_handle(), certificate.get());
    SSL_CTX_use_PrivateKey(context->native_handle(), key.get());
    return context;
}

// The certificate and its key, as files have them.
inline std::string pemOf(asio::ssl::context &context)
{
    const std::unique_ptr<BIO, Release<BIO_free>> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), SSL_CTX_get0_certificate(context.native_handle()));
    PEM_write_bio_PrivateKey(out.get(), SSL_CTX_get0_privatekey(context.native_handle()), nullptr,
                             nullptr, 0, nullptr, nullptr);
    char *text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

using TlsSocket = asio::ssl::stream<tcp::socket &>;

// After the handshake, plays its part; hangs up with close_notify if @polite.
inline TcpServer::Part secure(std::function<Task<void>(TlsSocket &)> part, bool polite = true,
                              std::shared_ptr<asio::ssl::context> context = selfSigned())
{
    return [context, part, polite](tcp::socket &socket) -> Task<void> {
        TlsSocket tls(socket, *context);
        const auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::server, tuple);
        if (error)
            co_return;
        co_await part(tls);
        if (polite)
            co_await tls.async_shutdown(tuple);
    };
}

// Hears a request of HTTP and says this; @name is what the client asked for.
inline TcpServer::Part secureAnswer(std::string text, bool polite = true,
                                    std::string *name = nullptr,
                                    std::shared_ptr<asio::ssl::context> context = selfSigned())
{
    return secure(
        [text, name](TlsSocket &tls) -> Task<void> {
            const char *const asked =
                SSL_get_servername(tls.native_handle(), TLSEXT_NAMETYPE_host_name);
            if (name)
                *name = asked ? asked : "none";
            std::string heard;
            while (!heard.ends_with("\r\n\r\n")) {
                char c = 0;
                const auto [error, size] = co_await tls.async_read_some(asio::buffer(&c, 1), tuple);
                if (error)
                    co_return;
                heard += c;
            }
            co_await asio::async_write(tls, asio::buffer(text), tuple);
        },
        polite, context);
}

} // namespace lb::health
