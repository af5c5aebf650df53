-- Whom or what an e-mail address or a serial number names: letter case and blanks around it make no
-- difference. The one place of this rule; a job says ${identity(column)} for it.
--
-- Blanks are Unicode's white space and the characters without a width that come with copied text.
LOWER(stripped(${text}, U&' \0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\200B\2028\2029\202F\205F\2060\3000\FEFF'))
