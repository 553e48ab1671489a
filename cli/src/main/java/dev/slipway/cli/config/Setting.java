package dev.slipway.cli.config;

/**
 * A setting's value and where it was found.
 *
 * @param origin for people, such as {@code --url}, {@code SLIPWAY_URL} or a file's path
 */
public record Setting(SettingKey key, String value, String origin) {}
